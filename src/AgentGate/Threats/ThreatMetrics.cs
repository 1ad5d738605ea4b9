using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats;

/// <summary>Counts what was found. Every label is from a closed set.</summary>
internal sealed class ThreatMetrics
{
    private readonly Counter<long> _found;

    public ThreatMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _found = meter.CreateCounter<long>("agentgate.threats", "{threat}", "Attacks found, by rule, context and action.");
    }

    public void Found(in ThreatHit hit, ThreatAction action)
        => _found.Add(1, [
            new("family", hit.Family.ToString()), new("rule", hit.Rule), new("context", hit.Context.ToString()), new("action", action.ToString()),
        ]);
}
