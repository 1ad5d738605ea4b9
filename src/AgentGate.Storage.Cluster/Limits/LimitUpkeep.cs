using AgentGate.Limits;
using Npgsql;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>
/// Keeps the seat and looks whether Redis answers, so that loss and return are noticed without a call. The host runs it for as long as
/// the server lives.
/// </summary>
internal sealed class LimitUpkeep(RedisLimitStore store, PostgresLimitSeat seat, LimitStoreHealth health, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Before the first call: the seat is taken, and Redis is asked whether it takes this server.</summary>
    /// <exception cref="InvalidOperationException">Redis refuses the password or is not to be trusted.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        health.WarnOfLongLosses();
        await store.CheckAsync(cancellationToken);
        await TickAsync(renew: true, cancellationToken);
    }

    /// <summary>Runs until it is cancelled, and gives the seat back then.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        var renewed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var renew = seat.Seat is null || time.GetElapsedTime(renewed) >= PostgresLimitSeat.Heartbeat;
                renewed = renew ? time.GetTimestamp() : renewed;
                await TickAsync(renew, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }

        try
        {
            await seat.ReleaseAsync(CancellationToken.None);
        }
        catch (Exception lost) when (lost is NpgsqlException or TimeoutException)
        {
            // The lease ends by itself.
        }
    }

    private async Task TickAsync(bool renew, CancellationToken cancellationToken)
    {
        try
        {
            await store.ProbeAsync(cancellationToken);
            health.Answered();
        }
        catch (LimitStoreLostException lost)
        {
            cancellationToken.ThrowIfCancellationRequested();
            health.Lost(lost);
        }

        try
        {
            if (renew)
            {
                await seat.RenewAsync(cancellationToken);
            }
        }
        catch (Exception lost) when (lost is NpgsqlException or TimeoutException)
        {
            // The lease is believed for its time; without the database no decision is made anyway.
        }
    }
}
