using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Limits;

/// <summary>The limits' instruments. The label is the rule's configured name. Thread-safe.</summary>
internal sealed class LimitMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _overflows;
    private readonly Counter<long> _losses;

    public LimitMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        _meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _refused = _meter.CreateCounter<long>("agentgate.limits.refused", "{call}", "Calls that a limit refused.");
        _overflows = _meter.CreateCounter<long>("agentgate.limits.overflows", "{call}", "Calls counted together because a rule's counts were full.");
        _losses = _meter.CreateCounter<long>("agentgate.limits.store_losses", "{call}", "Calls judged while the store of the counts was lost.");
    }

    public void Refused(string rule) => _refused.Add(1, new KeyValuePair<string, object?>("rule", rule));

    public void Overflowed(string rule) => _overflows.Add(1, new KeyValuePair<string, object?>("rule", rule));

    public void Lost(string rule, StoreLoss behaviour)
        => _losses.Add(1, new("rule", rule), new("behaviour", behaviour.ToString().ToLowerInvariant()));

    /// <summary>Shows how many counts each rule holds.</summary>
    public void ObserveKeys(Func<IEnumerable<(string Rule, int Keys)>> read)
        => _meter.CreateObservableGauge(
            "agentgate.limits.keys",
            () => read().Select(count => new Measurement<int>(count.Keys, new KeyValuePair<string, object?>("rule", count.Rule))),
            "{key}",
            "Counts held in memory.");
}
