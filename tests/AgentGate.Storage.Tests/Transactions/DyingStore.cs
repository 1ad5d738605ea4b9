using AgentGate.Transactions;

namespace AgentGate.Storage.Tests.Transactions;

/// <summary>The store as a process sees it that dies at its n-th write: before it, or after it. From then on nothing is read or written.</summary>
internal sealed class DyingStore(ITransactionStore inner, int dieAt, bool after) : ITransactionStore
{
    private int _writes;

    /// <summary>Whether the process has died.</summary>
    public bool IsDead { get; private set; }

    /// <summary>How many writes were asked for.</summary>
    public int Writes => _writes;

    public Task<bool> BeginAsync(StoredTransaction transaction, TransactionLease lease, DateTimeOffset until, CancellationToken cancellationToken)
        => WriteAsync(() => inner.BeginAsync(transaction, lease, until, cancellationToken));

    public Task<bool> PutStepAsync(StoredStep step, StepState? before, TransactionLease lease, CancellationToken cancellationToken)
        => WriteAsync(() => inner.PutStepAsync(step, before, lease, cancellationToken));

    public Task<bool> MoveAsync(IReadOnlyCollection<string> ids, TransactionState state, DateTimeOffset at, TransactionLease lease, CancellationToken cancellationToken)
        => WriteAsync(() => inner.MoveAsync(ids, state, at, lease, cancellationToken));

    public Task RenewAsync(string owner, IReadOnlyCollection<string> rootIds, DateTimeOffset until, CancellationToken cancellationToken)
        => Alive().RenewAsync(owner, rootIds, until, cancellationToken);

    public Task<IReadOnlyList<TransactionTree>> ClaimAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int most, Func<IReadOnlyList<StoredStep>, DateTimeOffset, bool> takes, CancellationToken cancellationToken)
        => Alive().ClaimAsync(owner, now, until, most, takes, cancellationToken);

    public Task<TransactionTree?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => Alive().FindAsync(tenant, id, cancellationToken);

    public Task<IReadOnlyList<StoredTransaction>> ListAsync(TransactionQuery query, CancellationToken cancellationToken) => Alive().ListAsync(query, cancellationToken);

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => Alive().PurgeAsync(before, cancellationToken);

    private async Task<bool> WriteAsync(Func<Task<bool>> write)
    {
        Alive();
        var dies = ++_writes == dieAt;
        if (dies && !after)
        {
            IsDead = true;
            Alive();
        }

        var written = await write();
        if (dies)
        {
            IsDead = true;
            Alive();
        }

        return written;
    }

    private ITransactionStore Alive() => IsDead ? throw new IOException("The process has died.") : inner;
}
