using System.Collections.Immutable;

namespace AgentGate.Transactions;

/// <summary>Transactions of this process alone: what a crash leaves is gone with it. Thread-safe.</summary>
internal sealed class InMemoryTransactionStore : ITransactionStore
{
    /// <summary>So many ended outermost transactions can still be read.</summary>
    private const int EndedMax = 1_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _ended = new();
    private readonly Dictionary<string, StoredTransaction> _transactions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StoredStep> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TransactionLease Lease, DateTimeOffset Until)> _leases = new(StringComparer.Ordinal);

    public Task<bool> BeginAsync(StoredTransaction transaction, TransactionLease lease, DateTimeOffset until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (transaction.ParentId is null)
            {
                _leases[transaction.Id] = (lease, until);
            }
            else if (!Holds(lease) || !IsActive(lease.RootId) || !IsActive(transaction.ParentId))
            {
                return Task.FromResult(false);
            }

            _transactions.Add(transaction.Id, transaction);
            return Task.FromResult(true);
        }
    }

    public Task<bool> PutStepAsync(StoredStep step, StepState? before, TransactionLease lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = _steps.GetValueOrDefault(step.CallId);
            if (!Holds(lease) || found?.State != before || (before is null && !(IsActive(step.RootId) && IsActive(step.TransactionId))))
            {
                return Task.FromResult(false);
            }

            _steps[step.CallId] = step with
            {
                TransactionId = found?.TransactionId ?? step.TransactionId,
                Input = step.Input ?? found?.Input,
                Output = step.Output ?? found?.Output,
            };
            return Task.FromResult(true);
        }
    }

    public Task<bool> MoveAsync(IReadOnlyCollection<string> ids, TransactionState state, DateTimeOffset at, TransactionLease lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!Holds(lease) || !ids.All(id => _transactions.GetValueOrDefault(id) is { State: TransactionState.Active or TransactionState.RollingBack } one && MayMove(one.State, state)))
            {
                return Task.FromResult(false);
            }

            foreach (var id in ids)
            {
                var moved = _transactions[id] with { State = state, EndedAt = state == TransactionState.RollingBack ? null : at };
                _transactions[id] = moved;
                foreach (var step in _steps.Values.Where(step => step.TransactionId == id).ToList())
                {
                    _steps[step.CallId] = state switch
                    {
                        TransactionState.RollingBack => step,
                        TransactionState.Joined => step with { TransactionId = moved.ParentId! },
                        _ when step.State == StepState.NotUndone => step,
                        _ => step with { Input = null, Output = null },
                    };
                }

                if (moved.ParentId is null && moved.EndedAt is not null)
                {
                    _leases.Remove(id);
                    _ended.Enqueue(id);
                }
            }

            while (_ended.Count > EndedMax)
            {
                Drop(_ended.Dequeue());
            }

            return Task.FromResult(true);
        }
    }

    public Task RenewAsync(string owner, IReadOnlyCollection<string> rootIds, DateTimeOffset until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var id in rootIds)
            {
                if (_leases.TryGetValue(id, out var held) && held.Lease.Owner == owner)
                {
                    _leases[id] = (held.Lease, until);
                }
            }
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TransactionTree>> ClaimAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int most, Func<IReadOnlyList<StoredStep>, DateTimeOffset, bool> takes, CancellationToken cancellationToken)
    {
        var claimed = new List<TransactionTree>();
        lock (_lock)
        {
            foreach (var (id, held) in _leases.Where(one => one.Value.Until < now).OrderBy(one => one.Value.Until).ToList())
            {
                var steps = StepsOf(step => step.RootId == id);
                if (claimed.Count < most && takes(steps, held.Until))
                {
                    var lease = new TransactionLease(id, owner, held.Lease.Fence + 1);
                    _leases[id] = (lease, until);
                    claimed.Add(new TransactionTree(_transactions[id], Inside(id), steps) { Lease = lease });
                }
            }
        }

        return Task.FromResult<IReadOnlyList<TransactionTree>>(claimed);
    }

    public Task<TransactionTree?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                _transactions.GetValueOrDefault(id) is { } found && found.Tenant == tenant
                    ? new TransactionTree(found, [], [.. StepsOf(step => step.TransactionId == id).Select(step => step with { Input = null, Output = null })])
                    : null);
        }
    }

    public Task<IReadOnlyList<StoredTransaction>> ListAsync(TransactionQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredTransaction>>(
            [
                .. _transactions.Values.Where(one => one.Tenant == query.Tenant && (query.State is null || one.State == query.State))
                    .OrderByDescending(one => one.BegunAt.ToUnixTimeMilliseconds()).ThenByDescending(one => one.Id, StringComparer.Ordinal).Skip(query.Offset).Take(query.Limit),
            ]);
        }
    }

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var root in _transactions.Values.Where(one => one.ParentId is null && one.EndedAt < before).ToList())
            {
                Drop(root.Id);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>What rolls back goes on doing so until it ended; what is active may go anywhere.</summary>
    internal static bool MayMove(TransactionState from, TransactionState to)
        => from == TransactionState.Active || to is TransactionState.RollingBack or TransactionState.RolledBack or TransactionState.NotUndone;

    private void Drop(string rootId)
    {
        foreach (var one in _transactions.Values.Where(one => one.RootId == rootId).ToList())
        {
            _transactions.Remove(one.Id);
        }

        foreach (var step in StepsOf(step => step.RootId == rootId))
        {
            _steps.Remove(step.CallId);
        }
    }

    private bool Holds(TransactionLease lease) => _leases.TryGetValue(lease.RootId, out var held) && held.Lease == lease;

    private bool IsActive(string id) => _transactions.GetValueOrDefault(id)?.State == TransactionState.Active;

    private ImmutableArray<StoredTransaction> Inside(string rootId)
        => [.. _transactions.Values.Where(one => one.RootId == rootId && one.Id != rootId).OrderBy(one => one.BegunAt).ThenBy(one => one.Id, StringComparer.Ordinal)];

    private ImmutableArray<StoredStep> StepsOf(Func<StoredStep, bool> which) => [.. _steps.Values.Where(which).OrderBy(step => step.Seq)];
}
