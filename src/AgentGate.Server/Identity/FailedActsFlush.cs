using AgentGate.Diagnostics;

namespace AgentGate.Server.Identity;

/// <summary>Puts on record what <see cref="FailedActs"/> counted, when a minute is over and when the server ends.</summary>
internal sealed partial class FailedActsFlush(FailedActs failed, TimeProvider time, ILogger<FailedActsFlush> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(all: true, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(all: false, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task TryAsync(bool all, CancellationToken cancellationToken)
    {
        try
        {
            await failed.FlushAsync(all, cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.NotRecorded(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6219, LogLevel.Error, Codes.FailedActsNotRecorded + ": what was counted of failed sign-ins could not be put on record; it is tried again.")]
        public static partial void NotRecorded(ILogger logger, Exception failure);
    }
}
