using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Approvals;

/// <summary>The approvals' instruments. Thread-safe.</summary>
internal sealed class ApprovalMetrics
{
    private readonly Counter<long> _opened;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _waited;

    public ApprovalMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _opened = meter.CreateCounter<long>("agentgate.approvals.opened", "{approval}", "Calls that were put before people.");
        _ended = meter.CreateCounter<long>("agentgate.approvals.ended", "{approval}", "Approvals that were decided, lapsed or used.");
        _failures = meter.CreateCounter<long>("agentgate.approvals.failures", "{act}", "Acts on approvals that could not be put on record at once.");
        _waited = meter.CreateHistogram<double>("agentgate.approvals.waited", "s", "How long a decision of people took.");
    }

    public void Opened(string tenant) => _opened.Add(1, new KeyValuePair<string, object?>(GateMetrics.TenantTag, tenant));

    public void Ended(Approval approval)
    {
        _ended.Add(1, new(GateMetrics.TenantTag, approval.Tenant), new("status", ApprovalTransitions.Word(approval.Status)));
        if (approval is { Status: ApprovalStatus.Approved or ApprovalStatus.Denied, DecidedAt: { } at })
        {
            _waited.Record((at - approval.CreatedAt).TotalSeconds, new KeyValuePair<string, object?>("status", ApprovalTransitions.Word(approval.Status)));
        }
    }

    public void NotRecorded() => _failures.Add(1);
}
