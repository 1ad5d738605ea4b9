using AgentGate.Audit;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Audit;

/// <summary>
/// In the cluster: says three times in each lease that this server is there, and beside that closes the calls of servers that ended and
/// finds out whether a log that could not be written can be again. Nothing to do where one server has the log for itself.
/// </summary>
internal sealed class LogInstanceHostedService(
    IAuditLog log,
    DecisionRecorder recorder,
    AdminActs acts,
    AuditOptions options,
    TimeProvider time,
    ILogger<LogInstanceHostedService> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => log is ISharedAuditLog shared
            ? new LogInstanceUpkeep(options.InstanceLease / 3, shared.RenewAsync, CloseAsync, time, logger).RunAsync(stoppingToken)
            : Task.CompletedTask;

    private async Task CloseAsync(CancellationToken cancellationToken)
    {
        await recorder.CloseOpenIntentsAsync(cancellationToken);
        if (!recorder.IsWritable)
        {
            await acts.RecordAsync(
                new Principal { Id = "server", Tenant = UnauthenticatedCounter.SystemTenant }, AdminActs.LogRecovered, null, null, cancellationToken);
        }
    }
}
