namespace AgentGate.Budgets;

/// <summary>One budget: whose calls it covers, how much they may cost, in which window.</summary>
/// <remarks>In the patterns <c>*</c> stands for any text. Set at start-up and not changed afterwards.</remarks>
public sealed class BudgetRule
{
    /// <summary>The rule's name, as denials, entries and counters carry it. Required and unique; another name begins other counters.</summary>
    public string Name { get; set; } = "";

    /// <summary>Which tenants it covers.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Tenant { get; set; } = "*";

    /// <summary>Which principals (agents) it covers, by their pseudonymous id.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Principal { get; set; } = "*";

    /// <summary>Which keys it covers, by their id. A call in process has no key and fits <c>*</c> alone.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Key { get; set; } = "*";

    /// <summary>Which models it covers, by the name the caller uses, the one the provider uses, or either without its date.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Model { get; set; } = "*";

    /// <summary>Who has a counter of their own.</summary>
    /// <value>The default is <see cref="BudgetPer.Principal"/>.</value>
    public BudgetPer Per { get; set; }

    /// <summary>The window.</summary>
    /// <value>The default is <see cref="BudgetWindow.Day"/>.</value>
    public BudgetWindow Window { get; set; } = BudgetWindow.Day;

    /// <summary>The limit in US dollars. Zero permits free models alone.</summary>
    public decimal LimitUsd { get; set; }

    /// <summary>At which fractions of the limit an alert is raised, each once per window.</summary>
    /// <value>The default, when none is given, is 0.8.</value>
    public IList<decimal> AlertAt { get; } = [];
}
