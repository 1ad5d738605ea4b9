namespace AgentGate.Kernel.Decisions;

/// <summary>What an effect consumed, as the provider reported it.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
public sealed record Usage(long InputTokens, long OutputTokens);
