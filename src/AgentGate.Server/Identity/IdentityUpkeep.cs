using AgentGate.Diagnostics;
using AgentGate.Identity;

namespace AgentGate.Server.Identity;

/// <summary>Stores when sessions were last active, replaces keys of access tokens, deletes what has expired. A failure is logged and tried again.</summary>
internal sealed partial class IdentityUpkeep(
    SignIns signIns, TokenKeys keys, ITokenKeyStore keyStore, ISignInSessionStore sessions, IOneTimeRecords records, IAttempts attempts, TimeProvider time, ILogger<IdentityUpkeep> logger)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <summary>How long ended sessions stay to be seen.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            for (var round = 0; await timer.WaitForNextTickAsync(stoppingToken); round++)
            {
                await TryAsync("activity", signIns.FlushActivityAsync, stoppingToken);
                if (round % 20 == 0)
                {
                    var now = time.GetUtcNow();
                    await TryAsync("token keys", keys.ReloadAsync, stoppingToken);
                    await TryAsync("token keys", token => keyStore.PurgeAsync(now - TokenKeys.SignsFor, token), stoppingToken);
                    await TryAsync("sessions", token => sessions.PurgeAsync(now - KeptFor, token), stoppingToken);
                    await TryAsync("one-time records", token => records.PurgeAsync(now, token), stoppingToken);
                    await TryAsync("attempts", token => attempts.PurgeAsync(now, token), stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task TryAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            Log.UpkeepFailed(logger, what, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6010, LogLevel.Warning, Codes.IdentityUpkeepFailed + ": the upkeep of {What} failed; it is tried again.")]
        public static partial void UpkeepFailed(ILogger logger, string what, Exception failure);
    }
}
