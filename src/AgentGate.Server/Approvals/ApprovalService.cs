using AgentGate.Approvals;
using AgentGate.Pipeline;

namespace AgentGate.Server.Approvals;

/// <summary>Keeps the approvals of a server: what nobody decided lapses, what was left unrecorded is recorded.</summary>
internal sealed class ApprovalService(ApprovalUpkeep upkeep) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await upkeep.RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }
}

/// <summary>Registers approvals with a server.</summary>
internal static class ApprovalRegistration
{
    public static IServiceCollection AddApprovalService(this IServiceCollection services)
    {
        services.AddApprovals();
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<ApprovalSignals>());
        return services.AddHostedService<ApprovalService>();
    }
}
