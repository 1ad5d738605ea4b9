using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Policies;

/// <summary>Counters of the policies. Labels are bounded: never a policy id, never text from a call.</summary>
internal sealed class PolicyMetrics
{
    private readonly Counter<long> _errors;
    private readonly Counter<long> _differences;

    public PolicyMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _errors = meter.CreateCounter<long>("agentgate.policy.errors", "{error}", "Policies that could not be evaluated.");
        _differences = meter.CreateCounter<long>("agentgate.policy.shadow", "{call}", "Calls that a shadow policy set would have answered otherwise.");
    }

    public void Error(string kind) => _errors.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Differs(bool wouldDeny) => _differences.Add(1, new KeyValuePair<string, object?>("answer", wouldDeny ? "deny" : "allow"));
}
