using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Pipeline;

/// <summary>Counts what a process does to follow the others.</summary>
internal sealed class ChangeMetrics
{
    private readonly Counter<long> _reloads;
    private readonly Counter<long> _failures;

    public ChangeMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _reloads = meter.CreateCounter<long>("agentgate.changes.reloads", "{reload}", "Times something was read again because it changed in the store.");
        _failures = meter.CreateCounter<long>("agentgate.changes.failures", "{failure}", "Times the store did not say what changed, or what it is now.");
        meter.CreateObservableGauge("agentgate.changes.age", () => Age?.Invoke() ?? 0, "s", "How old what is in force may be.");
    }

    /// <summary>How old what is in force may be, in seconds.</summary>
    public Func<double>? Age { get; set; }

    public void Reloaded(string topic) => _reloads.Add(1, new KeyValuePair<string, object?>("topic", topic));

    public void Failed(string topic) => _failures.Add(1, new KeyValuePair<string, object?>("topic", topic));
}
