using System.Diagnostics.Metrics;
using AgentGate.Diagnostics;

namespace AgentGate.Transactions;

/// <summary>The instruments of transactions. Labels are words of closed sets, and the tenant. Thread-safe.</summary>
internal sealed class TransactionMetrics
{
    private readonly Counter<long> _ended;
    private readonly Counter<long> _compensations;
    private readonly Counter<long> _lost;

    public TransactionMetrics(IMeterFactory? factory = null)
    {
        // The meter belongs to the factory, or lives as long as the process.
#pragma warning disable CA2000
        var meter = factory?.Create(GateMetrics.SourceName) ?? new Meter(GateMetrics.SourceName);
#pragma warning restore CA2000
        _ended = meter.CreateCounter<long>("agentgate.transactions", "{transaction}", "Transactions that ended, by how; resumed ones apart.");
        _compensations = meter.CreateCounter<long>("agentgate.transactions.steps", "{step}", "Steps of rolled-back transactions, by what was done about them.");
        _lost = meter.CreateCounter<long>("agentgate.transactions.store_losses", "{write}", "Writes to the store of transactions that failed.");
    }

    public void Ended(string tenant, TransactionState state, bool resumed)
        => _ended.Add(1, new(GateMetrics.TenantTag, tenant), new("state", TransactionWords.Of(state)), new("resumed", resumed));

    public void Step(string tenant, StepEnding ending)
        => _compensations.Add(1, new(GateMetrics.TenantTag, tenant), new("ending", TransactionWords.Of(ending)));

    public void StoreLost() => _lost.Add(1);
}
