using AgentGate.Audit;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Audit;

/// <summary>
/// In the cluster: says three times in each lease that this server is there, closes the calls of servers that ended, and finds out
/// whether a log that could not be written can be again. Nothing to do where one server has the log for itself.
/// </summary>
internal sealed partial class LogInstanceHostedService(
    IAuditLog log,
    DecisionRecorder recorder,
    AdminActs acts,
    AuditOptions options,
    TimeProvider time,
    ILogger<LogInstanceHostedService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (log is not ISharedAuditLog)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.InstanceLease / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TendAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The log's own end says that this server ended.
        }
    }

    private async Task TendAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await recorder.TendAsync(cancellationToken))
            {
                Log.BegunAnew(logger);
            }

            if (!recorder.IsWritable)
            {
                await acts.RecordAsync(
                    new Principal { Id = "server", Tenant = UnauthenticatedCounter.SystemTenant }, AdminActs.LogRecovered, null, null, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Whatever keeps the database away: the next turn asks again, and the lease decides.
            Log.NotRenewed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4051, LogLevel.Warning, "AG4051: the other servers took this one for ended, because it was not heard of for its lease; it began anew.")]
        public static partial void BegunAnew(ILogger logger);

        [LoggerMessage(4056, LogLevel.Warning, "AG4056: this server could not say that it is still there, or not close what ended ones left open; it tries again.")]
        public static partial void NotRenewed(ILogger logger, Exception exception);
    }
}
