namespace AgentGate.Pipeline;

/// <summary>Where one budget stands. Amounts are US dollars.</summary>
/// <param name="Rule">The name of the configured rule.</param>
/// <param name="Subject">Whose counter it is: <c>principal/…</c>, <c>key/…</c>, <c>tenant</c> or <c>all</c>.</param>
/// <param name="LimitUsd">The limit.</param>
/// <param name="SpentUsd">What was spent in the window.</param>
/// <param name="ReservedUsd">What calls in flight have reserved.</param>
/// <param name="WindowStart">When the window began (UTC).</param>
/// <param name="ResetsAt">When it ends (UTC), or <see langword="null"/> for a budget without a window.</param>
public sealed record BudgetState(
    string Rule,
    string Subject,
    decimal LimitUsd,
    decimal SpentUsd,
    decimal ReservedUsd,
    DateTimeOffset WindowStart,
    DateTimeOffset? ResetsAt)
{
    /// <summary>What is left for new calls; never below zero.</summary>
    public decimal RemainingUsd => Math.Max(0, LimitUsd - SpentUsd - ReservedUsd);
}
