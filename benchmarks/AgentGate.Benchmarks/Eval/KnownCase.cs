namespace AgentGate.Benchmarks.Eval;

/// <summary>A text whose verdict is agreed.</summary>
/// <param name="Text">The text.</param>
/// <param name="Argument">Whether it is blocked as an untyped tool argument; nothing where either is right.</param>
/// <param name="Chat">Whether it is blocked as a chat message.</param>
internal sealed record KnownCase(string Text, bool? Argument, bool? Chat);
