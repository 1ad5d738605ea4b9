using AgentGate.Storage.Certificates;
using AgentGate.Transactions;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Transactions;

/// <summary>
/// Transactions in the database, by EF Core; what steps got and gave encrypted. A write touches the row that has the lease first, so that it and
/// a take-over wait for each other. Thread-safe: each call has its own context.
/// </summary>
internal sealed class EfTransactionStore(ITenantContexts contexts, EvidenceCipher cipher) : ITransactionStore
{
    private static readonly string s_active = TransactionWords.Of(TransactionState.Active);
    private static readonly string s_rollingBack = TransactionWords.Of(TransactionState.RollingBack);
    private static readonly string s_notUndone = TransactionWords.Of(StepState.NotUndone);

    private readonly StepContent _content = new(cipher);

    public async Task<bool> BeginAsync(StoredTransaction transaction, TransactionLease lease, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var row = transaction.ToRow();
        await using var context = await contexts.OpenAsync(transaction.Tenant, cancellationToken);
        await using var unit = await context.Database.BeginTransactionAsync(cancellationToken);
        if (transaction.ParentId is null)
        {
            (row.LeaseOwner, row.LeaseUntil, row.Fence) = (lease.Owner, until.ToUnixTimeMilliseconds(), lease.Fence);
            _content.Begin(row);
        }
        else if (!await TakeAsync(context, lease, cancellationToken) || !await AreActiveAsync(context, lease.RootId, transaction.ParentId, cancellationToken))
        {
            return false;
        }

        context.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> PutStepAsync(StoredStep step, StepState? before, TransactionLease lease, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(step.Tenant, cancellationToken);
        await using var unit = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!await TakeAsync(context, lease, cancellationToken))
        {
            return false;
        }

        var root = await context.Set<TransactionRow>().AsNoTracking().SingleAsync(r => r.Id == lease.RootId, cancellationToken);
        if (before is null)
        {
            if (!await AreActiveAsync(context, lease.RootId, step.TransactionId, cancellationToken))
            {
                return false;
            }

            var row = step.ToRow();
            row.Input = step.Input is { } input ? _content.SealInput(root, step.CallId, input.Span) : null;
            row.Output = step.Output is { } output ? _content.SealOutput(root, step.CallId, output.Span) : null;
            context.Add(row);
        }
        else if (!await MoveOnAsync(context, step, TransactionWords.Of(before.Value), root, cancellationToken))
        {
            return false;
        }

        await context.SaveChangesAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> MoveAsync(IReadOnlyCollection<string> ids, TransactionState state, DateTimeOffset at, TransactionLease lease, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var unit = await context.Database.BeginTransactionAsync(cancellationToken);
        if (!await TakeAsync(context, lease, cancellationToken))
        {
            return false;
        }

        var rows = await context.Set<TransactionRow>().Where(r => ids.Contains(r.Id) && r.RootId == lease.RootId).ToListAsync(cancellationToken);
        if (rows.Count != ids.Count || !rows.TrueForAll(row => row.State == s_active || (row.State == s_rollingBack && InMemoryTransactionStore.MayMove(TransactionState.RollingBack, state))))
        {
            return false;
        }

        foreach (var row in rows)
        {
            row.State = TransactionWords.Of(state);
            row.EndedAt = state == TransactionState.RollingBack ? null : at.ToUnixTimeMilliseconds();
            var steps = context.Set<TransactionStepRow>().Where(r => r.TransactionId == row.Id);
            if (state == TransactionState.Joined)
            {
                await steps.ExecuteUpdateAsync(set => set.SetProperty(r => r.TransactionId, row.ParentId!), cancellationToken);
            }
            else if (row.EndedAt is not null)
            {
                await steps.Where(r => r.State != s_notUndone)
                    .ExecuteUpdateAsync(set => set.SetProperty(r => r.Input, (byte[]?)null).SetProperty(r => r.Output, (byte[]?)null), cancellationToken);
            }
        }

        if (rows.Find(row => row.Id == lease.RootId) is { EndedAt: not null } root)
        {
            (root.LeaseOwner, root.LeaseUntil) = (null, null);
            if (!await context.Set<TransactionStepRow>().AnyAsync(r => r.RootId == root.Id && r.State == s_notUndone, cancellationToken))
            {
                // Copies of what was stored cannot be read either, wherever they are.
                (root.KeyId, root.ContentKey) = (null, null);
            }
        }

        await context.SaveChangesAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
        return true;
    }

    public async Task RenewAsync(string owner, IReadOnlyCollection<string> rootIds, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var time = until.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        foreach (var ids in rootIds.Chunk(500))
        {
            await context.Set<TransactionRow>().Where(r => ids.Contains(r.Id) && r.LeaseOwner == owner)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.LeaseUntil, time), cancellationToken);
        }
    }

    public async Task<IReadOnlyList<TransactionTree>> ClaimAsync(
        string owner, DateTimeOffset now, DateTimeOffset until, int most, Func<IReadOnlyList<StoredStep>, DateTimeOffset, bool> takes, CancellationToken cancellationToken)
    {
        var (time, end) = (now.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        var due = await context.Set<TransactionRow>().AsNoTracking().Where(r => r.LeaseUntil != null && r.LeaseUntil < time)
            .OrderBy(r => r.LeaseUntil).ThenBy(r => r.Id).Take(500).ToListAsync(cancellationToken);
        var claimed = new List<TransactionTree>();
        foreach (var root in due.TakeWhile(_ => claimed.Count < most))
        {
            var steps = await StepsOf(context, root.Id).ToListAsync(cancellationToken);
            if (!takes(steps.ConvertAll(step => step.ToRecord()), DateTimeOffset.FromUnixTimeMilliseconds(root.LeaseUntil!.Value)))
            {
                continue;
            }

            // Whoever raises the fence has it.
            if (await context.Set<TransactionRow>().Where(r => r.Id == root.Id && r.Fence == root.Fence && r.LeaseUntil == root.LeaseUntil)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(r => r.LeaseOwner, owner).SetProperty(r => r.LeaseUntil, end).SetProperty(r => r.Fence, root.Fence + 1), cancellationToken) != 1)
            {
                continue;
            }

            // Read after it was taken: nobody else writes any more.
            claimed.Add(await TreeAsync(context, root.Id, owner, cancellationToken));
        }

        return claimed;
    }

    public async Task<TransactionTree?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
        => await contexts.ReadAsync(
            tenant,
            async context => await context.Set<TransactionRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Tenant == tenant && r.Id == id, cancellationToken) is { } row
                ? new TransactionTree(
                    row.ToRecord(),
                    [],
                    [.. (await context.Set<TransactionStepRow>().AsNoTracking().Where(r => r.TransactionId == id).OrderBy(r => r.Seq).ToListAsync(cancellationToken)).Select(step => step.ToRecord())])
                : null,
            cancellationToken);

    public async Task<IReadOnlyList<StoredTransaction>> ListAsync(TransactionQuery query, CancellationToken cancellationToken)
    {
        var word = query.State is { } state ? TransactionWords.Of(state) : null;
        var rows = await contexts.ReadAsync(
            query.Tenant,
            context => context.Set<TransactionRow>().AsNoTracking().Where(r => r.Tenant == query.Tenant && (word == null || r.State == word))
                .OrderByDescending(r => r.BegunAt).ThenByDescending(r => r.Id).Skip(query.Offset).Take(query.Limit).ToListAsync(cancellationToken),
            cancellationToken);
        return rows.ConvertAll(row => row.ToRecord());
    }

    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var time = before.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var unit = await context.Database.BeginTransactionAsync(cancellationToken);
        var roots = await context.Set<TransactionRow>().Where(r => r.ParentId == null && r.EndedAt < time).OrderBy(r => r.EndedAt).Select(r => r.Id).Take(500).ToListAsync(cancellationToken);
        await context.Set<TransactionStepRow>().Where(r => roots.Contains(r.RootId)).ExecuteDeleteAsync(cancellationToken);
        await context.Set<TransactionRow>().Where(r => roots.Contains(r.RootId)).ExecuteDeleteAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }

    /// <summary>Locks the row that has the lease, if it is this one.</summary>
    private static async Task<bool> TakeAsync(AgentGateDbContext context, TransactionLease lease, CancellationToken cancellationToken)
        => await context.Set<TransactionRow>().Where(r => r.Id == lease.RootId && r.LeaseOwner == lease.Owner && r.Fence == lease.Fence)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Fence, lease.Fence), cancellationToken) == 1;

    private static async Task<bool> AreActiveAsync(AgentGateDbContext context, string rootId, string id, CancellationToken cancellationToken)
    {
        string[] ids = [.. new[] { rootId, id }.Distinct(StringComparer.Ordinal)];
        return await context.Set<TransactionRow>().CountAsync(r => ids.Contains(r.Id) && r.RootId == rootId && r.State == s_active, cancellationToken) == ids.Length;
    }

    private async Task<bool> MoveOnAsync(AgentGateDbContext context, StoredStep step, string before, TransactionRow root, CancellationToken cancellationToken)
    {
        if (await context.Set<TransactionStepRow>().FirstOrDefaultAsync(r => r.Id == step.CallId && r.State == before && r.RootId == root.Id, cancellationToken) is not { } row)
        {
            return false;
        }

        var now = step.ToRow();
        (row.Compensation, row.State, row.Ending, row.Code, row.CompensationCallId, row.Tries) = (now.Compensation, now.State, now.Ending, now.Code, now.CompensationCallId, now.Tries);
        row.Input = step.Input is { } input ? _content.SealInput(root, step.CallId, input.Span) : row.Input;
        row.Output = step.Output is { } output ? _content.SealOutput(root, step.CallId, output.Span) : row.Output;
        return true;
    }

    private async Task<TransactionTree> TreeAsync(AgentGateDbContext context, string rootId, string owner, CancellationToken cancellationToken)
    {
        var rows = await context.Set<TransactionRow>().AsNoTracking().Where(r => r.RootId == rootId).OrderBy(r => r.BegunAt).ThenBy(r => r.Id).ToListAsync(cancellationToken);
        var steps = await StepsOf(context, rootId).ToListAsync(cancellationToken);
        var root = rows.Single(row => row.Id == rootId);
        return new TransactionTree(
            root.ToRecord(),
            [.. rows.Where(row => row.Id != rootId).Select(row => row.ToRecord())],
            [.. steps.Select(step => _content.Open(root, step) is var (input, output) ? step.ToRecord(input, output) : step.ToRecord())])
        {
            Lease = new TransactionLease(rootId, owner, root.Fence),
        };
    }

    private static IQueryable<TransactionStepRow> StepsOf(AgentGateDbContext context, string rootId)
        => context.Set<TransactionStepRow>().AsNoTracking().Where(r => r.RootId == rootId).OrderBy(r => r.Seq);
}
