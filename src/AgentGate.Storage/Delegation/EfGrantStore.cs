using AgentGate.Delegation;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Delegation;

/// <summary>Grants in the database, by EF Core. Thread-safe: each call has its own context, each change one transaction.</summary>
internal sealed class EfGrantStore(ITenantContexts contexts) : IGrantStore
{
    /// <summary>What changes of a tenant's grants wait for.</summary>
    private const string Changes = "grants";

    public async Task AddAsync(StoredGrant grant, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(grant.Tenant, cancellationToken);
        context.Add(GrantRow.From(grant));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<bool> RevokeAsync(StoredRevocation revocation, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(revocation.Tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, revocation.Tenant, Changes, cancellationToken);
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
        var rows = await contexts.ReadAllAsync(
            context => context.Set<GrantRow>().AsNoTracking().OrderBy(r => r.Id).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(r => r.ToGrant())];
    }

    public async Task<IReadOnlyList<StoredRevocation>> ReadRevocationsAsync(CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAllAsync(
            context => context.Set<GrantRevocationRow>().AsNoTracking().OrderBy(r => r.GrantId).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(r => r.ToRevocation())];
    }

    public async Task ForgetAsync(string tenant, DateTimeOffset expiredBefore, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, tenant, Changes, cancellationToken);
        var before = expiredBefore.ToUnixTimeMilliseconds();
        var expired = context.Set<GrantRow>().Where(r => r.Tenant == tenant && r.ExpiresAt < before);
        await context.Set<GrantRevocationRow>().Where(r => expired.Any(grant => grant.Id == r.GrantId)).ExecuteDeleteAsync(cancellationToken);
        await expired.ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
