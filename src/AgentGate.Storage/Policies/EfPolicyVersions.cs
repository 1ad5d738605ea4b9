using AgentGate.Policies.Versions;
using Microsoft.EntityFrameworkCore;
using Rows = Microsoft.EntityFrameworkCore.DbSet<AgentGate.Storage.Policies.PolicyVersionRow>;

namespace AgentGate.Storage.Policies;

/// <summary>Versions in the database, by EF Core. Thread-safe: each call has its own context, each change one transaction.</summary>
internal sealed class EfPolicyVersions(ITenantContexts contexts) : IPolicyVersions
{
    /// <summary>The most drafts of a tenant.</summary>
    public const int DraftsMax = 100;

    public async Task<PolicyVersion?> AddAsync(string tenant, string text, PolicyText facts, PolicyAct act, CancellationToken cancellationToken)
    {
        PolicyVersionRow? added = null;
        var made = await ChangeAsync(tenant, act, async change =>
        {
            if (await Of(change.Rows, tenant).CountAsync(r => r.Status == PolicyVersionRow.Draft, cancellationToken) >= DraftsMax)
            {
                return PolicyChange.NotPossible;
            }

            // History knows every number that was ever given, also those of deleted drafts.
            var last = await change.History.Where(r => r.Tenant == tenant).MaxAsync(r => (int?)r.Number, cancellationToken) ?? 0;
            added = new PolicyVersionRow { Tenant = tenant, Number = last + 1, Author = act.By, CreatedAt = act.At.ToUnixTimeMilliseconds() };
            added.Put(text, facts, act);
            change.Rows.Add(added);
            change.Note(PolicyEvent.Created, added.Number, added.TextHash);
            return PolicyChange.Done;
        }, cancellationToken);
        return made == PolicyChange.Done ? added!.ToVersion() : null;
    }

    public Task<PolicyChange> UpdateAsync(
        string tenant, int number, int expectedRevision, string text, PolicyText facts, PolicyAct act, CancellationToken cancellationToken)
        => ChangeAsync(tenant, act, async change =>
        {
            var row = await Of(change.Rows, tenant).FirstOrDefaultAsync(r => r.Number == number, cancellationToken);
            if (row is not { Status: PolicyVersionRow.Draft })
            {
                return row is null ? PolicyChange.NotFound : PolicyChange.NotPossible;
            }

            if (row.Revision != expectedRevision)
            {
                return PolicyChange.Conflict;
            }

            row.Put(text, facts, act);
            change.Note(PolicyEvent.Updated, number, row.TextHash);
            return PolicyChange.Done;
        }, cancellationToken);

    public Task<PolicyChange> DeleteAsync(string tenant, int number, PolicyAct act, CancellationToken cancellationToken)
        => ChangeAsync(tenant, act, async change =>
        {
            var row = await Of(change.Rows, tenant).FirstOrDefaultAsync(r => r.Number == number, cancellationToken);
            if (row is not { Status: PolicyVersionRow.Draft })
            {
                return row is null ? PolicyChange.NotFound : PolicyChange.NotPossible;
            }

            change.Rows.Remove(row);
            change.Note(PolicyEvent.Deleted, number, row.TextHash);
            return PolicyChange.Done;
        }, cancellationToken);

    public Task<PolicyChange> ActivateAsync(string tenant, PolicyActivation activation, PolicyAct act, CancellationToken cancellationToken)
        => ChangeAsync(tenant, act, async change =>
        {
            var active = await Of(change.Rows, tenant).FirstOrDefaultAsync(r => r.Status == PolicyVersionRow.Active, cancellationToken);
            if ((active?.Number ?? PolicyVersion.Configured) != activation.ExpectedActive)
            {
                return PolicyChange.Conflict;
            }

            if (activation.Number == activation.ExpectedActive)
            {
                return PolicyChange.NotPossible;
            }

            PolicyVersionRow? next = null;
            if (activation.Number != PolicyVersion.Configured)
            {
                next = await Of(change.Rows, tenant).FirstOrDefaultAsync(r => r.Number == activation.Number, cancellationToken);
                if (next is null || next.TextHash != activation.TextHash)
                {
                    return next is null ? PolicyChange.NotFound : PolicyChange.Conflict;
                }
            }

            if (active is not null)
            {
                // Written before the next one: the unique index holds at every statement, not only at the end.
                active.Status = PolicyVersionRow.Retired;
                change.Note(PolicyEvent.Retired, active.Number, active.TextHash);
                await change.SaveAsync(cancellationToken);
            }

            if (next is not null)
            {
                next.Status = PolicyVersionRow.Active;
                next.ActivatedAt = act.At.ToUnixTimeMilliseconds();
            }

            change.Note(activation.IsRollBack ? PolicyEvent.RolledBack : PolicyEvent.Activated, activation.Number, next?.TextHash);
            return PolicyChange.Done;
        }, cancellationToken);

    public Task<PolicyChange> ShadowAsync(string tenant, int number, PolicyAct act, CancellationToken cancellationToken)
        => ChangeAsync(tenant, act, async change =>
        {
            var shadow = await Of(change.Rows, tenant).FirstOrDefaultAsync(r => r.Status == PolicyVersionRow.Shadow, cancellationToken);
            var next = number == PolicyVersion.Configured
                ? null : await Of(change.Rows, tenant).FirstOrDefaultAsync(r => r.Number == number, cancellationToken);
            if (number != PolicyVersion.Configured && next is not { Status: PolicyVersionRow.Draft })
            {
                return next is null ? PolicyChange.NotFound : PolicyChange.NotPossible;
            }

            if (shadow is not null)
            {
                shadow.Status = PolicyVersionRow.Draft;
                change.Note(PolicyEvent.ShadowEnded, shadow.Number, shadow.TextHash);
                await change.SaveAsync(cancellationToken);
            }

            if (next is not null)
            {
                next.Status = PolicyVersionRow.Shadow;
                change.Note(PolicyEvent.ShadowStarted, number, next.TextHash);
            }

            return PolicyChange.Done;
        }, cancellationToken);

    public async Task<PolicyDocument?> FindAsync(string tenant, int number, CancellationToken cancellationToken)
    {
        var row = await contexts.ReadAsync(
            tenant,
            context => Of(context.Set<PolicyVersionRow>().AsNoTracking(), tenant).FirstOrDefaultAsync(r => r.Number == number, cancellationToken),
            cancellationToken);
        return row is null ? null : new PolicyDocument(row.ToVersion(), row.Text);
    }

    public async Task<int> ActiveAsync(string tenant, CancellationToken cancellationToken)
    {
        return await contexts.ReadAsync(
            tenant,
            context => Of(context.Set<PolicyVersionRow>().AsNoTracking(), tenant).Where(r => r.Status == PolicyVersionRow.Active)
                .Select(r => (int?)r.Number).FirstOrDefaultAsync(cancellationToken),
            cancellationToken) ?? PolicyVersion.Configured;
    }

    public async Task<IReadOnlyList<PolicyVersion>> ListAsync(string tenant, int before, int limit, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(tenant, context => Of(context.Set<PolicyVersionRow>().AsNoTracking(), tenant).Where(r => r.Number < before)
            .OrderByDescending(r => r.Number).Take(limit)
            .Select(r => new PolicyVersionRow
            {
                Tenant = r.Tenant,
                Number = r.Number,
                Status = r.Status,
                Revision = r.Revision,
                TextHash = r.TextHash,
                SetHash = r.SetHash,
                Errors = r.Errors,
                Warnings = r.Warnings,
                Note = r.Note,
                Author = r.Author,
                CreatedAt = r.CreatedAt,
                ChangedAt = r.ChangedAt,
                ActivatedAt = r.ActivatedAt,
            })
            .ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(r => r.ToVersion())];
    }

    public async Task<IReadOnlyList<PolicyHistoryEntry>> HistoryAsync(string tenant, long before, int limit, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<PolicyHistoryRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.Seq < before)
                .OrderByDescending(r => r.Seq).Take(limit).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => r.ToEntry())];
    }

    public async Task<IReadOnlyList<PolicyDocument>> ReadInForceAsync(CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAllAsync(
            context => context.Set<PolicyVersionRow>().AsNoTracking()
                .Where(r => r.Status == PolicyVersionRow.Active || r.Status == PolicyVersionRow.Shadow)
                .OrderBy(r => r.Tenant).ThenBy(r => r.Number).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => new PolicyDocument(r.ToVersion(), r.Text))];
    }

    private static IQueryable<PolicyVersionRow> Of(IQueryable<PolicyVersionRow> rows, string tenant) => rows.Where(r => r.Tenant == tenant);

    private async Task<PolicyChange> ChangeAsync(string tenant, PolicyAct act, Func<Change, Task<PolicyChange>> make, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);

        // Who reads here in order to write waits for whoever does the same, in whatever process.
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, tenant, "policies", cancellationToken);
        var last = await context.Set<PolicyHistoryRow>().Where(r => r.Tenant == tenant).MaxAsync(r => (long?)r.Seq, cancellationToken) ?? 0;
        try
        {
            var made = await make(new Change(context, tenant, act, last));
            if (made == PolicyChange.Done)
            {
                await context.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            return made;
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            // Whoever changes the table past this store: what the indexes promise holds, and one of the two comes too late.
            return PolicyChange.Conflict;
        }
    }

    /// <summary>One change: the rows, and the lines of history that go with it.</summary>
    private sealed class Change(AgentGateDbContext context, string tenant, PolicyAct act, long last)
    {
        private long _seq = last;

        public Rows Rows => context.Set<PolicyVersionRow>();

        public DbSet<PolicyHistoryRow> History => context.Set<PolicyHistoryRow>();

        public void Note(PolicyEvent what, int number, string? textHash) => History.Add(new PolicyHistoryRow
        {
            Tenant = tenant,
            Seq = ++_seq,
            At = act.At.ToUnixTimeMilliseconds(),
            Event = what.ToString(),
            Number = number,
            TextHash = textHash,
            By = act.By,
            CallId = act.CallId,
        });

        public Task<int> SaveAsync(CancellationToken cancellationToken) => context.SaveChangesAsync(cancellationToken);
    }
}
