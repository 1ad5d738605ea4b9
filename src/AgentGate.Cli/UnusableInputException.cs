namespace AgentGate.Cli;

/// <summary>The command line, or a file it names, cannot be used. The command ends with <see cref="ExitCode.Unusable"/>.</summary>
/// <param name="message">What a person reads: what is wrong, where, and what to do.</param>
internal sealed class UnusableInputException(string message) : Exception(message);
