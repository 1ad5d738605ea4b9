using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Delegation;

/// <summary>Counts what should never happen to grants.</summary>
internal sealed class GrantMetrics
{
    private readonly Counter<long> _broken;

    public GrantMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _broken = meter.CreateCounter<long>("agentgate.grants.broken", "{grant}", "Stored grants that were not believed.");
    }

    public void Broken() => _broken.Add(1);
}
