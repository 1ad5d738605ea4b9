using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Guardrails;

/// <summary>The guardrails' instruments. The labels are configured names, and the tenant. Thread-safe.</summary>
internal sealed class GuardrailMetrics
{
    private readonly Meter _meter;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _givenBack;
    private readonly Counter<long> _losses;

    public GuardrailMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        _meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _refused = _meter.CreateCounter<long>("agentgate.guardrails.refused", "{call}", "Calls that a guardrail refused, or would have refused.");
        _givenBack = _meter.CreateCounter<long>("agentgate.guardrails.given_back", "{call}", "Calls that were counted and did not happen: given back (true), or counted until they lapse because the store was lost (false).");
        _losses = _meter.CreateCounter<long>("agentgate.guardrails.store_losses", "{call}", "Calls judged while the store of the guardrails was lost.");
    }

    public void Refused(string tenant, GuardrailUnit unit, string code)
        => _refused.Add(1, new(GateMetrics.TenantTag, tenant), new("guardrail", unit.Set.Id), new("rule", unit.Name), new("code", code), new("mode", unit.Set.Mode.ToString().ToLowerInvariant()));

    public void GivenBack(string tenant, bool done) => _givenBack.Add(1, new(GateMetrics.TenantTag, tenant), new("done", done));

    public void Lost(string tenant, GuardrailSet set)
        => _losses.Add(1, new(GateMetrics.TenantTag, tenant), new("guardrail", set.Id), new("behaviour", set.OnStoreLoss.ToString().ToLowerInvariant()));

    /// <summary>Shows whether the store is lost.</summary>
    public void ObserveStore(Func<int> lost)
        => _meter.CreateObservableGauge("agentgate.guardrails.store_lost", lost, "{store}", "Whether the store of the guardrails is lost.");
}
