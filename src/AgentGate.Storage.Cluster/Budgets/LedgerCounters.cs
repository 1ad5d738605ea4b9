using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>The counters of one call in the order in which every transaction locks them: that of their keys, byte by byte.</summary>
internal sealed class LedgerCounters
{
    /// <summary>The tenant of counters that all tenants share. No tenant is called that, and no tenant's connection sees its rows.</summary>
    public const string SharedTenant = ":all";

    private LedgerCounters((ActiveRule Rule, string Tenant, string Subject, int Place)[] sorted) => Sorted = sorted;

    /// <summary>Rule, tenant as stored, subject, and the place among the covering rules.</summary>
    public (ActiveRule Rule, string Tenant, string Subject, int Place)[] Sorted { get; }

    public static LedgerCounters Of(ActiveRule[] covering, Principal principal)
        => new([.. covering.Select((rule, place) => (rule, TenantOf(rule.TenantOf(principal.Tenant)), rule.SubjectOf(principal), place))
            .OrderBy(one => one.Item2, Bytes).ThenBy(one => one.rule.Name, Bytes).ThenBy(one => one.Item3, Bytes)]);

    /// <summary>The tenant of a counter as it is stored.</summary>
    public static string TenantOf(string tenant) => tenant.Length == 0 ? SharedTenant : tenant;

    /// <summary>PostgreSQL's collation "C" compares UTF-8 bytes. So does this; UTF-16 units would sort some characters elsewhere.</summary>
    public static IComparer<string> Bytes { get; } = Comparer<string>.Create(
        (a, b) => System.Text.Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(b)));

    /// <summary>The unit of a window, as PostgreSQL's <c>date_trunc</c> knows it.</summary>
    public static string UnitOf(BudgetWindow window) => window switch
    {
        BudgetWindow.Hour => "hour",
        BudgetWindow.Day => "day",
        BudgetWindow.Month => "month",
        _ => "total",
    };

    /// <summary>Adds tenants, rules and subjects as arrays.</summary>
    public static void AddKeys(NpgsqlParameterCollection parameters, IReadOnlyCollection<(string Tenant, string Rule, string Subject)> keys)
    {
        Add(parameters, [.. keys.Select(key => key.Tenant)]);
        Add(parameters, [.. keys.Select(key => key.Rule)]);
        Add(parameters, [.. keys.Select(key => key.Subject)]);
    }

    /// <summary>Adds an array of texts.</summary>
    public static void Add(NpgsqlParameterCollection parameters, string[] texts)
        => parameters.Add(new NpgsqlParameter { Value = texts, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
}
