using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Threats.Injection;

/// <summary>Counts what the injection guard notices. Labels come from closed sets, never from a text.</summary>
internal sealed class InjectionMetrics
{
    private readonly Counter<long> _noted;

    public InjectionMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _noted = meter.CreateCounter<long>("agentgate.injection.texts", "{text}", "Texts that reached the flag threshold.");
    }

    public void Noted(SegmentRole role, InjectionFeature feature, bool blocks)
        => _noted.Add(1, new("role", role), new("rule", InjectionWords.RuleOf(feature)), new("action", blocks ? "block" : "flag"));
}
