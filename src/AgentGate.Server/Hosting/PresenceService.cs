using AgentGate.Storage.Cluster.Connections;

namespace AgentGate.Server.Hosting;

/// <summary>Keeps saying that this server runs, also after the database was away: nobody rotates keys under it.</summary>
internal sealed partial class PresenceService(ServerPresence presence, TimeProvider time, ILogger<PresenceService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await presence.AnnounceAsync(stoppingToken);
                }
                catch (Exception lost) when (lost is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
                {
                    // The database is away; that is reported by whoever needs it for a call.
                    Log.NotAnnounced(logger, lost.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The connection goes with the container.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7024, LogLevel.Debug, "The database does not hold this server's presence at the moment ({Reason}).")]
        public static partial void NotAnnounced(ILogger logger, string reason);
    }
}
