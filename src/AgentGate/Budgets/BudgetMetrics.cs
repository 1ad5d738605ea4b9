using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Budgets;

/// <summary>Counts money. Labels are tenants, the names of rules and fixed words.</summary>
internal sealed class BudgetMetrics
{
    private readonly Counter<double> _cost;
    private readonly Counter<long> _alerts;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _passed;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _reconciled;
    private readonly Counter<long> _unrecorded;

    public BudgetMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _cost = meter.CreateCounter<double>("agentgate.cost", "{USD}", "What calls cost.");
        _alerts = meter.CreateCounter<long>("agentgate.budget.alerts", "{alert}", "Thresholds that budgets passed.");
        _refusals = meter.CreateCounter<long>("agentgate.budget.refusals", "{call}", "Calls a budget had no room for.");
        _expired = meter.CreateCounter<long>("agentgate.budget.expired", "{reservation}", "Reservations that were not settled within their lease.");
        _passed = meter.CreateCounter<long>("agentgate.budget.reservations.passed", "{call}", "Calls that cost more than was reserved for them.");
        _lost = meter.CreateCounter<long>("agentgate.budget.ledger.losses", "{call}", "Calls denied because the ledger could not be reached.");
        _reconciled = meter.CreateCounter<long>("agentgate.budget.ledger.corrections", "{counter}", "Counters whose sum was put right by what the log says.");
        _unrecorded = meter.CreateCounter<long>("agentgate.budget.unrecorded", "{charge}", "Charges that stand although the log knows nothing of their calls.");
    }

    public void Cost(string tenant, long nano, string provider, bool estimated)
        => _cost.Add((double)NanoUsd.ToUsd(nano), new(GateMetrics.TenantTag, tenant), new("gen_ai.provider.name", provider), new("estimated", estimated));

    public void Alert(string rule) => _alerts.Add(1, new KeyValuePair<string, object?>("rule", rule));

    public void Refusal(string tenant, string rule) => _refusals.Add(1, new(GateMetrics.TenantTag, tenant), new("rule", rule));

    public void Expired(bool charged) => _expired.Add(1, new KeyValuePair<string, object?>("charged", charged));

    public void LedgerLost() => _lost.Add(1);

    public void Corrected(string rule) => _reconciled.Add(1, new KeyValuePair<string, object?>("rule", rule));

    public void Unrecorded(string tenant, string rule) => _unrecorded.Add(1, new(GateMetrics.TenantTag, tenant), new("rule", rule));

    public void ReservationPassed() => _passed.Add(1);
}
