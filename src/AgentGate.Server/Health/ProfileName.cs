namespace AgentGate.Server.Health;

/// <summary>The profile a server runs in, for the health page.</summary>
/// <param name="Value"><c>embedded</c> or <c>cluster</c>.</param>
internal sealed record ProfileName(string Value);
