using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Budgets;

/// <summary>A rule as the ledger uses it. Immutable.</summary>
internal sealed class ActiveRule(BudgetRule rule)
{
    public string Name { get; } = rule.Name;

    public BudgetPer Per { get; } = rule.Per;

    public BudgetWindow Window { get; } = rule.Window;

    public long Limit { get; } = (long)(rule.LimitUsd * NanoUsd.PerUsd);

    /// <summary>The thresholds in rising order.</summary>
    public decimal[] AlertAt { get; } = [.. (rule.AlertAt.Count == 0 ? [0.8m] : rule.AlertAt).Distinct().Order()];

    /// <summary>Whether a call is covered: under any name its model has, so that an alias or a dated name leads past no budget.</summary>
    public bool Covers(Principal principal, string model, ImmutableArray<EffectTarget> targets)
    {
        if (!Covers(principal))
        {
            return false;
        }

        var covers = rule.Model == "*" || CoversName(model);
        foreach (var target in targets.IsDefault ? [] : targets)
        {
            covers = covers || CoversName(target.Name);
        }

        return covers;
    }

    /// <summary>Whether any model of a principal is covered.</summary>
    public bool Covers(Principal principal)
        => Wildcard.IsMatch(rule.Tenant, principal.Tenant, ignoreCase: false)
            && Wildcard.IsMatch(rule.Principal, principal.Id, ignoreCase: false)
            && Wildcard.IsMatch(rule.Key, principal.KeyId ?? "", ignoreCase: false);

    private bool CoversName(string model)
        => Wildcard.IsMatch(rule.Model, model, ignoreCase: false)
            || (PriceBook.DateSuffix(model) is > 0 and var length && Wildcard.IsMatch(rule.Model, model[..^length], ignoreCase: false));

    /// <summary>Whose counter a principal's calls go to.</summary>
    public string SubjectOf(Principal principal) => Per switch
    {
        BudgetPer.Principal => "principal/" + principal.Id,
        BudgetPer.Key => "key/" + principal.KeyId,
        BudgetPer.Tenant => "tenant",
        _ => "all",
    };

    /// <summary>The tenant part of a counter: one that all calls share has none.</summary>
    public string TenantOf(string tenant) => Per == BudgetPer.All ? "" : tenant;
}

/// <summary>The rules that run. Immutable and thread-safe.</summary>
internal sealed class RuleSet(BudgetOptions options)
{
    private readonly ActiveRule[] _rules = [.. options.Installed.Select(rule => new ActiveRule(rule))];

    public IReadOnlyList<ActiveRule> All => _rules;

    /// <summary>The rules that cover a call.</summary>
    public ActiveRule[] Covering(Principal principal, string model, ImmutableArray<EffectTarget> targets = default)
        => _rules.Length == 0 ? [] : Array.FindAll(_rules, rule => rule.Covers(principal, model, targets));
}
