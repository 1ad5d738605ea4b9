namespace AgentGate.Client.Budgets;

/// <summary>The budgets of the own tenant, as they stand now.</summary>
/// <param name="Budgets">One entry per rule and subject that has a counter in the running window, ordered by rule and subject.</param>
/// <param name="Prices">Which price table the server uses.</param>
public sealed record BudgetList(IReadOnlyList<BudgetEntry> Budgets, PriceTableEntry Prices);

/// <summary>One budget. Amounts are US dollars.</summary>
public sealed record BudgetEntry
{
    /// <summary>The name of the configured rule.</summary>
    public required string Rule { get; init; }

    /// <summary>Whose counter it is: <c>principal/…</c>, <c>key/…</c> or <c>tenant</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The limit.</summary>
    public required decimal LimitUsd { get; init; }

    /// <summary>What was spent in the window.</summary>
    public required decimal SpentUsd { get; init; }

    /// <summary>What calls in flight have reserved.</summary>
    public required decimal ReservedUsd { get; init; }

    /// <summary>What is left for new calls.</summary>
    public required decimal RemainingUsd { get; init; }

    /// <summary>When the window began (UTC).</summary>
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>When it ends (UTC); absent for a budget without a window.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
}

/// <summary>The shipped price table.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Date">The day its prices were taken.</param>
/// <param name="Models">How many models it prices.</param>
public sealed record PriceTableEntry(string Version, string Date, int Models);
