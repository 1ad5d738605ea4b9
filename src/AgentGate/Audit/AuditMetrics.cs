using System.Diagnostics.Metrics;

namespace AgentGate.Audit;

/// <summary>The log's instruments, in the meter <c>AgentGate.Audit</c>. Thread-safe.</summary>
internal sealed class AuditMetrics : IDisposable
{
    public const string MeterName = "AgentGate.Audit";

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _entries;
    private readonly Counter<long> _failures;
    private readonly Histogram<long> _batch;
    private readonly Counter<long> _checkpointsRefused;
    private readonly Counter<long> _lost;

    public AuditMetrics()
    {
        _entries = _meter.CreateCounter<long>("agentgate.audit.entries", "{entry}", "Log entries stored.");
        _failures = _meter.CreateCounter<long>("agentgate.audit.failures", "{entry}", "Log entries that could not be stored, by code.");
        _checkpointsRefused = _meter.CreateCounter<long>(
            "agentgate.audit.checkpoints_refused", "{checkpoint}", "Checkpoints that were not signed or not published, by code.");
        _lost = _meter.CreateCounter<long>("agentgate.audit.lost", "{entry}", "Acknowledged entries that the store lost when it broke down, by kind.");
        _batch = _meter.CreateHistogram<long>("agentgate.audit.batch", "{entry}", "Log entries per transaction.");
    }

    public void CheckpointRefused(string code) => _checkpointsRefused.Add(1, new KeyValuePair<string, object?>("code", code));

    public void Lost(int intents, int outcomes)
    {
        _lost.Add(intents, new KeyValuePair<string, object?>("kind", "intent"));
        _lost.Add(outcomes, new KeyValuePair<string, object?>("kind", "outcome"));
    }

    public void Stored(int count)
    {
        _entries.Add(count);
        _batch.Record(count);
    }

    public void Failed(string code, int count) => _failures.Add(count, new KeyValuePair<string, object?>("code", code));

    public void ObserveWritable(Func<bool> isWritable)
        => _meter.CreateObservableGauge("agentgate.audit.writable", () => isWritable() ? 1 : 0, null, "1 while the log can be written.");

    public void Dispose() => _meter.Dispose();
}
