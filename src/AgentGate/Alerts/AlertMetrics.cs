using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>Counts alerts and their deliveries. Labels are words of the program.</summary>
internal sealed class AlertMetrics
{
    private readonly Counter<long> _raised;
    private readonly Counter<long> _deliveries;

    public AlertMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _raised = meter.CreateCounter<long>("agentgate.alerts", "{alert}", "Alerts raised, by what became of them.");
        _deliveries = meter.CreateCounter<long>("agentgate.alerts.deliveries", "{delivery}", "Tries to deliver alerts, by channel and how they ended.");
    }

    public void Raised(Alert alert, AlertChoice choice) => _raised.Add(1, new("category", alert.Category), new("severity", AlertWords.Of(alert.Severity)), new("choice", choice switch
    {
        AlertChoice.Send => "sent",
        AlertChoice.Repeat => "repeated",
        _ => "held",
    }));

    public void NotQueued() => _raised.Add(1, new KeyValuePair<string, object?>("choice", "not-queued"));

    public void Delivery(string channel, string ending) => _deliveries.Add(1, new("channel", channel), new("ending", ending));
}
