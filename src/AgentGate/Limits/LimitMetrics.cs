using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Limits;

/// <summary>The limits' instruments. The labels are the rule's configured name and, where a call is counted, its tenant. Thread-safe.</summary>
internal sealed class LimitMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _overflows;
    private readonly Counter<long> _losses;
    private readonly Counter<long> _transitions;

    public LimitMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        _meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _refused = _meter.CreateCounter<long>("agentgate.limits.refused", "{call}", "Calls that a limit refused.");
        _overflows = _meter.CreateCounter<long>("agentgate.limits.overflows", "{call}", "Calls counted together because a rule's counts were full.");
        _losses = _meter.CreateCounter<long>("agentgate.limits.store_losses", "{call}", "Calls judged while the store of the counts was lost.");
        _transitions = _meter.CreateCounter<long>("agentgate.limits.store_transitions", "{transition}", "How often the store of the counts was lost, came back, or had forgotten its counts.");
    }

    public void Refused(string tenant, string rule) => _refused.Add(1, new(GateMetrics.TenantTag, tenant), new("rule", rule));

    public void Overflowed(string rule) => _overflows.Add(1, new KeyValuePair<string, object?>("rule", rule));

    public void Lost(string tenant, string rule, StoreLoss behaviour)
        => _losses.Add(1, new(GateMetrics.TenantTag, tenant), new("rule", rule), new("behaviour", behaviour.ToString().ToLowerInvariant()));

    /// <summary>The store was <c>lost</c>, <c>recovered</c> or had <c>forgotten</c> its counts.</summary>
    public void Transition(string to) => _transitions.Add(1, new KeyValuePair<string, object?>("to", to));

    /// <summary>Shows whether the store is lost (1) how many rules do not know their counts, and whether the store may drop counts (1).</summary>
    public void ObserveStore(Func<int> lost, Func<int> unknown, Func<int> evicts)
    {
        _meter.CreateObservableGauge("agentgate.limits.store_evicts", evicts, "{store}", "Whether the store may drop counts when its memory is full.");
        _meter.CreateObservableGauge("agentgate.limits.store_lost", lost, "{store}", "Whether the store of the counts is lost.");
        _meter.CreateObservableGauge("agentgate.limits.rules_unknown", unknown, "{rule}", "Rules whose window the store has not observed whole.");
    }

    /// <summary>Shows how many counts each rule holds.</summary>
    public void ObserveKeys(Func<IEnumerable<(string Rule, int Keys)>> read)
        => _meter.CreateObservableGauge(
            "agentgate.limits.keys",
            () => read().Select(count => new Measurement<int>(count.Keys, new KeyValuePair<string, object?>("rule", count.Rule))),
            "{key}",
            "Counts held in memory.");
}
