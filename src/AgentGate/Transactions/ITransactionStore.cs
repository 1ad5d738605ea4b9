namespace AgentGate.Transactions;

/// <summary>
/// Transactions and their steps, over all processes. Every write names the lease of its outermost transaction and is refused when another
/// process has it by now. When a write returns, it is as durable as the store. Thread-safe. Throws when the store fails.
/// </summary>
internal interface ITransactionStore
{
    /// <summary>Puts down a transaction that begins. An outermost one brings its lease into being; one inside another needs that one's lease and it to be active.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="until">Until when the lease of an outermost one holds.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the lease still held.</returns>
    Task<bool> BeginAsync(StoredTransaction transaction, TransactionLease lease, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Puts down a new step of an active transaction, or moves one on.</summary>
    /// <param name="step">The step as it is now. What it got and gave is kept where this says nothing of it.</param>
    /// <param name="before">How far it was; <see langword="null"/> for a new one.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the lease still held, and it was that far.</returns>
    Task<bool> PutStepAsync(StoredStep step, StepState? before, TransactionLease lease, CancellationToken cancellationToken);

    /// <summary>
    /// Moves transactions on, all or none. Joined gives the steps to the transaction around. An ended one loses what its steps got and gave,
    /// except where it was not undone, and an outermost one its lease.
    /// </summary>
    /// <param name="ids">The transactions, all under the lease.</param>
    /// <param name="state">How far they are now.</param>
    /// <param name="at">When.</param>
    /// <param name="lease">The lease.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the lease still held and none had ended; one may begin to roll back twice.</returns>
    Task<bool> MoveAsync(IReadOnlyCollection<string> ids, TransactionState state, DateTimeOffset at, TransactionLease lease, CancellationToken cancellationToken);

    /// <summary>Makes leases of a process hold longer. Those it no longer has are left alone.</summary>
    Task RenewAsync(string owner, IReadOnlyCollection<string> rootIds, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Takes outermost transactions whose lease ended, so that no other process takes them until the new lease ends.</summary>
    /// <param name="owner">The process.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">Until when the new lease holds.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="takes">Whether this process takes one, by its steps and since when nobody has it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<IReadOnlyList<TransactionTree>> ClaimAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int most, Func<IReadOnlyList<StoredStep>, DateTimeOffset, bool> takes, CancellationToken cancellationToken);

    /// <summary>A transaction of a tenant with its own steps, without what they got and gave.</summary>
    Task<TransactionTree?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Transactions of a tenant, the newest first.</summary>
    Task<IReadOnlyList<StoredTransaction>> ListAsync(TransactionQuery query, CancellationToken cancellationToken);

    /// <summary>Deletes outermost transactions that ended before a time, with all that was inside them.</summary>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
