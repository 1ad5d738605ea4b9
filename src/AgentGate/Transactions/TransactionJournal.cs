using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AgentGate.Transactions;

/// <summary>How a write to the store of transactions went.</summary>
internal enum JournalResult
{
    /// <summary>It is stored.</summary>
    Written,

    /// <summary>It is refused: another process has the lease, or what is written has ended.</summary>
    Refused,

    /// <summary>The store failed; nobody knows whether it is stored.</summary>
    Lost,
}

/// <summary>Writes to the store of transactions. What the store throws becomes a result: a rollback goes on without it. Thread-safe.</summary>
internal sealed partial class TransactionJournal(ITransactionStore store, TransactionMetrics metrics, ILogger<TransactionJournal> logger)
{
    public Task<JournalResult> BeginAsync(StoredTransaction transaction, TransactionLease lease, DateTimeOffset until)
        => TryAsync(transaction.Id, () => store.BeginAsync(transaction, lease, until, CancellationToken.None));

    public Task<JournalResult> PutAsync(StoredStep step, StepState? before, TransactionLease lease)
        => TryAsync(step.TransactionId, () => store.PutStepAsync(step, before, lease, CancellationToken.None));

    public Task<JournalResult> MoveAsync(IReadOnlyCollection<string> ids, TransactionState state, DateTimeOffset at, TransactionLease lease)
        => TryAsync(lease.RootId, () => store.MoveAsync(ids, state, at, lease, CancellationToken.None));

    /// <summary>How far a transaction is in the store, or <see langword="null"/> where that cannot be read.</summary>
    public async Task<TransactionState?> StateOfAsync(string tenant, string id)
    {
        TransactionState? state = null;
        await TryAsync(
            id,
            async () =>
            {
                state = (await store.FindAsync(tenant, id, CancellationToken.None))?.Root.State;
                return true;
            });
        return state;
    }

    public Task<JournalResult> RenewAsync(string owner, IReadOnlyCollection<string> rootIds, DateTimeOffset until)
        => TryAsync(
            "(all)",
            async () =>
            {
                await store.RenewAsync(owner, rootIds, until, CancellationToken.None);
                return true;
            });

    /// <summary>No token: a write that is on its way is waited for, whoever goes away.</summary>
    private async Task<JournalResult> TryAsync(string id, Func<Task<bool>> write)
    {
        try
        {
            return await write() ? JournalResult.Written : JournalResult.Refused;
        }
        catch (Exception failure)
        {
            metrics.StoreLost();
            Log.StoreLost(logger, Codes.TransactionStoreLost, id, failure);
            return JournalResult.Lost;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2408, Level = LogLevel.Error, Message = "{Code}: the store of transactions failed for transaction {TransactionId}.")]
        public static partial void StoreLost(ILogger logger, string code, string transactionId, Exception failure);
    }
}
