using AgentGate.Guardrails;

namespace AgentGate.Server.Guardrails;

/// <summary>Drops what guardrails remember and what does not matter any more. A store that is lost is asked again the next time.</summary>
internal sealed class GuardrailUpkeep(IGuardrailStore store, GuardrailUnits units, GuardrailStoreHealth health, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (units.All.IsEmpty)
        {
            return;
        }

        await TryAsync(WarmAsync, stoppingToken);
        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryAsync(store.PurgeAsync, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>The store's way is made ready before the first call needs it.</summary>
    private async ValueTask<int> WarmAsync(CancellationToken cancellationToken)
        => await store.ChangeAsync([new TrackKey(TrackKey.AllTenants, ":", ":", ":")], (_, _) => 0, cancellationToken);

    private async Task TryAsync(Func<CancellationToken, ValueTask<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            health.Answered();
        }
        catch (GuardrailStoreLostException lost)
        {
            health.Lost(lost);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }
}
