using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>
/// Keeps a process known to the others that append to the same log, and closes what ended ones left open. The two go on beside each other:
/// closing appends to the log, and a log that hangs must not make a living process look ended.
/// </summary>
/// <param name="period">How often each is done. A third of the lease leaves room for one that fails.</param>
/// <param name="renew">Says that this process is there; true where the others had taken it for ended.</param>
/// <param name="close">Closes what ended processes left open.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures go. None of them ends the upkeep.</param>
internal sealed partial class LogInstanceUpkeep(
    TimeSpan period, Func<CancellationToken, ValueTask<bool>> renew, Func<CancellationToken, Task> close, TimeProvider time, ILogger logger)
{
    /// <summary>Runs until it is told to stop.</summary>
    public Task RunAsync(CancellationToken stoppingToken) => Task.WhenAll(LoopAsync(RenewAsync, stoppingToken), LoopAsync(close, stoppingToken));

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        if (await renew(cancellationToken))
        {
            Log.BegunAnew(logger);
        }
    }

    private async Task LoopAsync(Func<CancellationToken, Task> act, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await act(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    // Whatever keeps the database away: the next turn asks again, and the lease decides.
                    Log.NotRenewed(logger, exception);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The log's own end says that this server ended.
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
