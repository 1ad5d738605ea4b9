namespace AgentGate.Server.Keys;

/// <summary>The scope a key must carry for an endpoint. An endpoint without one, and not in the table of anonymous routes, is refused.</summary>
/// <param name="Scope">The scope.</param>
internal sealed record ScopeRequirement(string Scope);
