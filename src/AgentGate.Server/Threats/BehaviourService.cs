using AgentGate.Diagnostics;
using AgentGate.Threats.Behaviour;

namespace AgentGate.Server.Threats;

/// <summary>Tells of what waits, and deletes blocks that have ended. A failure is logged and tried again.</summary>
internal sealed partial class BehaviourService(SecurityEventQueue queue, IBlockedAddressStore store, TimeProvider time, ILogger<BehaviourService> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(queue.RunAsync(stoppingToken), PurgeAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            try
            {
                await store.PurgeAsync(time.GetUtcNow(), cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
            {
                Log.NotPurged(logger, failure);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6616, LogLevel.Warning, Codes.BlocklistUpkeepFailed + ": blocks that have ended could not be deleted; it is tried again.")]
        public static partial void NotPurged(ILogger logger, Exception failure);
    }
}
