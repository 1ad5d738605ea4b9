namespace AgentGate.Budgets;

/// <summary>The time over which a budget counts: whole units of the calendar, in UTC.</summary>
public enum BudgetWindow
{
    /// <summary>From one full hour to the next.</summary>
    Hour,

    /// <summary>From midnight to midnight.</summary>
    Day,

    /// <summary>From the first of a month to the first of the next.</summary>
    Month,

    /// <summary>Everything that was ever spent.</summary>
    Total,
}
