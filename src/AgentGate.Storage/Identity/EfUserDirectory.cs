using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>Users in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfUserDirectory(ITenantContexts contexts, IdentityCipher cipher, IdentityChanges changes) : IUserDirectory
{
    /// <summary>What changes to users wait for each other by, so that two cannot take each other's last admin away.</summary>
    private const string Changing = "users";

    /// <summary>The tenant of what concerns no tenant: being the first user.</summary>
    private const string NoTenant = "system";

    private readonly UserMapping _mapping = new(cipher);

    public async Task<bool> AddAsync(User user, bool onlyIfFirst, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, NoTenant, Changing, cancellationToken);
        if (onlyIfFirst && await Counted(context).AnyAsync(cancellationToken))
        {
            return false;
        }

        var row = new UserRow();
        _mapping.Write(user, row);
        context.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            return false;
        }
    }

    public async Task<User?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            // PostgreSQL takes no such text; no user has such an id.
            return null;
        }

        var row = await contexts.ReadAllAsync(
            context => context.Set<UserRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken), cancellationToken);
        return row is null ? null : _mapping.Read(row);
    }

    public async Task<User?> FindByEmailAsync(string email, CancellationToken cancellationToken)
    {
        var digest = _mapping.DigestOf(email);
        var row = await contexts.ReadAllAsync(
            context => context.Set<UserRow>().AsNoTracking().FirstOrDefaultAsync(r => r.EmailDigest == digest, cancellationToken), cancellationToken);
        return row is null ? null : _mapping.Read(row);
    }

    public async Task<IReadOnlyList<User>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<UserRow>().AsNoTracking().Where(r => r.Tenant == tenant).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(_mapping.Read)];
    }

    public async Task<UserChange> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(user.Tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, user.Tenant, Changing, cancellationToken);
        if (await context.Set<UserRow>().FirstOrDefaultAsync(r => r.Id == user.Id, cancellationToken) is not { } row || row.Version != user.Version)
        {
            return UserChange.Conflict;
        }

        var wasAdmin = row is { Role: Roles.Admin, IsActive: true } && row.Source != UserSources.Development;
        if (wasAdmin && user is not { Role: Roles.Admin, IsActive: true } && await IsLastAdminAsync(context, user, cancellationToken))
        {
            return UserChange.LastAdmin;
        }

        _mapping.Write(user, row);
        row.Version = user.Version + 1;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            changes.Raise();
            return UserChange.Done;
        }
        catch (DbUpdateConcurrencyException)
        {
            return UserChange.Conflict;
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            return UserChange.EmailTaken;
        }
    }

    public Task<int> CountAsync(CancellationToken cancellationToken)
        => contexts.ReadAllAsync(context => Counted(context).CountAsync(cancellationToken), cancellationToken);

    private static IQueryable<UserRow> Counted(AgentGateDbContext context)
        => context.Set<UserRow>().AsNoTracking().Where(r => r.Source != UserSources.Development);

    private static async Task<bool> IsLastAdminAsync(AgentGateDbContext context, User user, CancellationToken cancellationToken)
        => !await Counted(context).AnyAsync(r => r.Tenant == user.Tenant && r.Id != user.Id && r.Role == Roles.Admin && r.IsActive, cancellationToken);
}
