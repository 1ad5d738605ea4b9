using AgentGate.Storage.Cluster.Budgets;
using AgentGate.Storage.Cluster.Limits;

namespace AgentGate.Server.Hosting;

/// <summary>Keeps this server's seat among those that count limits in Redis, and holds the ledger of money against the log, for as long as it runs.</summary>
internal sealed class UpkeepService(LimitUpkeep limits, BudgetUpkeep budgets) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(limits.RunAsync(stoppingToken), budgets.RunAsync(stoppingToken));
}
