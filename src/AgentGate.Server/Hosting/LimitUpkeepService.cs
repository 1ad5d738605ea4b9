using AgentGate.Storage.Cluster.Limits;

namespace AgentGate.Server.Hosting;

/// <summary>Keeps this server's seat among those that count limits in Redis, for as long as it runs.</summary>
internal sealed class LimitUpkeepService(LimitUpkeep upkeep) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => upkeep.RunAsync(stoppingToken);
}
