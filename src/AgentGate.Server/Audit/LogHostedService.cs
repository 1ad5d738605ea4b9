using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Server.Audit;

/// <summary>Writes counters now and then, and the last ones at the end. The stores were made ready before the host started.</summary>
internal sealed partial class LogHostedService(
    UnauthenticatedCounter unauthenticated,
    IRecordHealth health,
    AdminActs acts,
    TimeProvider time,
    ILogger<LogHostedService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(all: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (!health.IsWritable)
                {
                    await ProbeAsync(stoppingToken);
                }

                await FlushAsync(all: false, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last flush is StopAsync's.
        }
    }

    /// <summary>A server taken out of service for its log gets no calls to find out by that the log can be written again.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await acts.RecordAsync(
                new Principal { Id = "server", Tenant = UnauthenticatedCounter.SystemTenant }, AdminActs.LogRecovered, null, null, cancellationToken);
        }
        catch (AuditUnavailableException exception)
        {
            Log.NotFlushed(logger, exception);
        }
    }

    private async Task FlushAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            await unauthenticated.FlushAsync(all, cancellationToken);
        }
        catch (AuditUnavailableException exception)
        {
            // Nothing is lost: what was counted is kept for the next flush.
            Log.NotFlushed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4012, LogLevel.Warning, "The counts of callers without a valid key could not be put on record; they are kept.")]
        public static partial void NotFlushed(ILogger logger, Exception exception);
    }
}
