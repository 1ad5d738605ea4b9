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

        using var timer = new PeriodicTimer(s_every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await store.PurgeAsync(stoppingToken);
                    health.Answered();
                }
                catch (GuardrailStoreLostException lost)
                {
                    health.Lost(lost);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }
}
