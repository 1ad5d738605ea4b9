using AgentGate.Pipeline;

namespace AgentGate.Server.Hosting;

/// <summary>Follows what the other servers of a cluster change. Where there is nobody else, there is nothing to follow.</summary>
internal sealed class ChangeFollowing(IServiceProvider services) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => services.GetService<ChangeFollower>()?.RunAsync(stoppingToken) ?? Task.CompletedTask;
}
