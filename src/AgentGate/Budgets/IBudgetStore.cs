namespace AgentGate.Budgets;

/// <summary>
/// What former processes spent. Reservations and charges are written with the intents and outcomes that carry them, in the
/// same transaction of the log; this reads the sums back. Throws when the store fails.
/// </summary>
internal interface IBudgetStore
{
    /// <summary>The sums of all windows that may still run, with what was reserved and not charged yet counted as spent.</summary>
    /// <param name="now">The time (UTC).</param>
    IReadOnlyList<BudgetBalance> Load(DateTimeOffset now);
}

/// <summary>What one counter holds.</summary>
/// <param name="Tenant">The tenant whose calls were charged.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Subject">Whose counter of the rule.</param>
/// <param name="Window">When the window began.</param>
/// <param name="NanoUsd">The sum.</param>
internal sealed record BudgetBalance(string Tenant, string Rule, string Subject, DateTimeOffset Window, long NanoUsd);
