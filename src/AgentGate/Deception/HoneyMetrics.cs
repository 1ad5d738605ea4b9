using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Deception;

/// <summary>Counts touches by what was touched and what it costs; never by whom.</summary>
internal sealed class HoneyMetrics
{
    private readonly Counter<long> _touched;

    public HoneyMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _touched = meter.CreateCounter<long>("agentgate.deception.touched", "{touch}", "Honey tokens that were touched.");
    }

    public void Touched(HoneyType type, int severity)
        => _touched.Add(1, new("type", type.Word()), new("standing", HoneySeverity.Word(severity)));
}
