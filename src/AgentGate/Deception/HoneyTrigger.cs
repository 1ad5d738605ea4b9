namespace AgentGate.Deception;

/// <summary>That somebody touched a token. Immutable.</summary>
/// <param name="Id">Its id, a UUIDv7.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="TokenId">The token.</param>
/// <param name="TokenType">What the token pretended to be.</param>
/// <param name="Principal">The pseudonymous id of who touched it.</param>
/// <param name="CallId">The call, which was denied.</param>
/// <param name="At">When.</param>
/// <param name="Severity">1 to 3: <see cref="HoneySeverity"/>.</param>
/// <param name="ClearedAt">When an operator cleared the principal, if one did.</param>
/// <param name="ClearedBy">Who.</param>
internal sealed record HoneyTrigger(
    string Id, string Tenant, string TokenId, HoneyType TokenType, string Principal, string CallId, DateTimeOffset At, int Severity,
    DateTimeOffset? ClearedAt = null, string? ClearedBy = null);
