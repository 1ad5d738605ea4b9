using AgentGate.Delegation;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Delegation;

/// <summary>Grants in the database, by EF Core. Thread-safe: each call has its own context, each change one immediate transaction.</summary>
internal sealed class EfGrantStore(IDbContextFactory<AgentGateDbContext> contexts) : IGrantStore
{
    public async Task AddAsync(StoredGrant grant, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Add(GrantRow.From(grant));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<bool> RevokeAsync(StoredRevocation revocation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var id = revocation.Revocation.GrantId;
        if (!await context.Set<GrantRow>().AnyAsync(r => r.Id == id && r.Tenant == revocation.Tenant, cancellationToken))
        {
            return false;
        }

        if (!await context.Set<GrantRevocationRow>().AnyAsync(r => r.GrantId == id, cancellationToken))
        {
            context.Add(GrantRevocationRow.From(revocation));
            await context.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<IReadOnlyList<StoredGrant>> ReadGrantsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Set<GrantRow>().AsNoTracking().OrderBy(r => r.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.ToGrant())];
    }

    public async Task<IReadOnlyList<StoredRevocation>> ReadRevocationsAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Set<GrantRevocationRow>().AsNoTracking().OrderBy(r => r.GrantId).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.ToRevocation())];
    }

    public async Task ForgetAsync(string tenant, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var before = expiredBefore.ToUnixTimeMilliseconds();
        var expired = context.Set<GrantRow>().Where(r => r.Tenant == tenant && r.ExpiresAt < before);
        await context.Set<GrantRevocationRow>().Where(r => expired.Any(grant => grant.Id == r.GrantId)).ExecuteDeleteAsync(cancellationToken);
        await expired.ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
