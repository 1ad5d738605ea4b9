namespace AgentGate.Limits;

/// <summary>One more call in one count.</summary>
/// <param name="Limit">The rule.</param>
/// <param name="Key">The count of the rule.</param>
internal readonly record struct LimitClaim(Limit Limit, LimitKey Key);
