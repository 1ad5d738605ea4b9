using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>Permissions about personal data in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfPiiPermissionStore(ITenantContexts contexts, IdentityCipher cipher, IdentityChanges changes) : IPiiPermissionStore
{
    private const string What = "pii permission v1";

    public async Task<bool> AddAsync(PiiPermission permission, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenAsync(permission.Tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await context.Set<PiiPermissionRow>()
            .Where(r => r.Tenant == permission.Tenant && r.UserId == permission.UserId && r.Permission == permission.Permission && r.ExpiresAt <= time)
            .ExecuteDeleteAsync(cancellationToken);
        context.Add(Write(permission));
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            return false;
        }

        changes.Raise();
        return true;
    }

    public async Task<IReadOnlyList<PiiPermission>> ListAsync(string tenant, string userId, CancellationToken cancellationToken)
    {
        if (userId.Contains('\0', StringComparison.Ordinal))
        {
            // PostgreSQL takes no such text; no user has such an id.
            return [];
        }

        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<PiiPermissionRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.UserId == userId)
                .OrderBy(r => r.GrantedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(Read)];
    }

    public async Task<PiiPermission?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        var row = await contexts.ReadAsync(
            tenant,
            context => context.Set<PiiPermissionRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Tenant == tenant && r.Id == id, cancellationToken),
            cancellationToken);
        return row is null ? null : Read(row);
    }

    public async Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        var removed = await context.Set<PiiPermissionRow>().Where(r => r.Tenant == tenant && r.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
        changes.Raise();
        return removed;
    }

    private PiiPermissionRow Write(PiiPermission permission) => new()
    {
        Id = permission.Id,
        Tenant = permission.Tenant,
        UserId = permission.UserId,
        Permission = permission.Permission,
        GrantedBy = permission.GrantedBy,
        GrantedAt = permission.GrantedAt.ToUnixTimeMilliseconds(),
        ExpiresAt = permission.ExpiresAt?.ToUnixTimeMilliseconds(),
        Reason = permission.Reason.Length == 0 ? string.Empty : Convert.ToBase64String(cipher.SealText(What, permission.Id, permission.Reason)),
    };

    private PiiPermission Read(PiiPermissionRow row) => new()
    {
        Id = row.Id,
        Tenant = row.Tenant,
        UserId = row.UserId,
        Permission = row.Permission,
        GrantedBy = row.GrantedBy,
        GrantedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GrantedAt),
        ExpiresAt = row.ExpiresAt is { } until ? DateTimeOffset.FromUnixTimeMilliseconds(until) : null,
        Reason = row.Reason.Length == 0 ? string.Empty : cipher.OpenText(What, row.Id, Convert.FromBase64String(row.Reason)),
    };
}
