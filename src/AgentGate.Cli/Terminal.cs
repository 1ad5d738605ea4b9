namespace AgentGate.Cli;

/// <summary>What a command reads and writes beside files.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">What is wrong, and how far a long run is.</param>
/// <param name="OpenInput">Opens the standard input, which the file name <c>-</c> stands for.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, Func<Stream> OpenInput);
