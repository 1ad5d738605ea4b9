using AgentGate.Pipeline;

namespace AgentGate.Budgets;

/// <summary>What one subject spent and has reserved in one window of one rule. Guarded by the ledger's lock.</summary>
internal sealed class Counter(ActiveRule rule, string tenant, string subject, DateTimeOffset start)
{
    public ActiveRule Rule { get; } = rule;

    /// <summary>Empty for a counter all tenants share.</summary>
    public string Tenant { get; } = tenant;

    public string Subject { get; } = subject;

    public DateTimeOffset Start { get; } = start;

    public DateTimeOffset End { get; } = BudgetWindows.End(rule.Window, start);

    public long Spent { get; set; }

    public long Reserved { get; set; }

    /// <summary>How many thresholds were passed and told.</summary>
    public int Alerted { get; set; }

    public long Left => Rule.Limit - Spent - Reserved;

    /// <summary>Notes the thresholds passed since the last time; gives the highest of them, or <see langword="null"/>.</summary>
    public decimal? PassThresholds()
    {
        var passed = default(decimal?);
        while (Alerted < Rule.AlertAt.Length && Rule.Limit > 0 && Spent >= Rule.AlertAt[Alerted] * Rule.Limit)
        {
            passed = Rule.AlertAt[Alerted++];
        }

        return passed;
    }

    public BudgetState State() => new(
        Rule.Name,
        Subject,
        NanoUsd.ToUsd(Rule.Limit),
        NanoUsd.ToUsd(Spent),
        NanoUsd.ToUsd(Reserved),
        Start,
        Rule.Window == BudgetWindow.Total ? null : End);
}
