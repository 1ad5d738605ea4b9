using AgentGate.Pii.Vault;

namespace AgentGate.Server.Pii;

/// <summary>Removes expired PII sessions now and then. They cannot be read before that either.</summary>
internal sealed partial class VaultPurge(IPiiVault vault, TimeProvider time, ILogger<VaultPurge> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await PurgeAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; the next one purges.
        }
    }

    private async Task PurgeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var purged = await vault.PurgeExpiredAsync(cancellationToken);
            Log.Purged(logger, purged);
        }
        catch (PiiVaultException failure)
        {
            Log.NotPurged(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3010, LogLevel.Debug, "{Count} expired PII sessions were removed.")]
        public static partial void Purged(ILogger logger, int count);

        [LoggerMessage(3011, LogLevel.Warning, "Expired PII sessions could not be removed; it is tried again.")]
        public static partial void NotPurged(ILogger logger, Exception failure);
    }
}
