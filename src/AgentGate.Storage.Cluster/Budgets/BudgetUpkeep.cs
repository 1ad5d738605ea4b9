using AgentGate.Budgets;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>Holds the ledger against the log, at the start and then every while. The host runs it for as long as the server lives.</summary>
internal sealed class BudgetUpkeep(PostgresBudgetLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);

    /// <summary>Before the first call.</summary>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached.</exception>
    public async Task StartAsync(CancellationToken cancellationToken) => await ledger.ReconcileAsync(cancellationToken);

    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await ledger.ReconcileAsync(cancellationToken);
                }
                catch (BudgetLedgerLostException)
                {
                    // Without the ledger no call is decided; the next time is soon.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The end.
        }
    }
}
