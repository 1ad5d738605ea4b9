using AgentGate.Keys;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Keys;

/// <summary>Keys in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfApiKeyStore(ITenantContexts contexts) : IApiKeyStore
{
    /// <summary>What owners who want one principal wait for each other by.</summary>
    private const string Adding = "keys";

    public async Task AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(key.Tenant, cancellationToken);
        context.Add(ApiKeyRow.From(key));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<bool> AddOwnedAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(key.Tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, key.Tenant, Adding, cancellationToken);
        if (await context.Set<ApiKeyRow>().AnyAsync(
            r => r.Tenant == key.Tenant && r.PrincipalId == key.PrincipalId && (r.OwnerId == null || r.OwnerId != key.OwnerId), cancellationToken))
        {
            return false;
        }

        context.Add(ApiKeyRow.From(key));
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Who authenticates has no tenant yet: the key says which.</summary>
    public async Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var row = await contexts.ReadAllAsync(
            context => context.Set<ApiKeyRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken), cancellationToken);
        return row?.ToKey();
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<ApiKeyRow>().AsNoTracking().Where(r => r.Tenant == tenant)
                .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => r.ToKey())];
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, string ownerId, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<ApiKeyRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.OwnerId == ownerId)
                .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => r.ToKey())];
    }

    public async Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            // PostgreSQL takes no such text; no key has such an id.
            return false;
        }

        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        var time = at.ToUnixTimeMilliseconds();
        return await context.Set<ApiKeyRow>().Where(r => r.Id == id && r.Tenant == tenant)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.RevokedAt, r => r.RevokedAt ?? time), cancellationToken) > 0;
    }

    public async Task StoreUsageAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> usage, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // In one order everywhere, so that two servers that store at once wait for each other and do not block each other.
        foreach (var (id, at) in usage.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var time = at.ToUnixTimeMilliseconds();
            await context.Set<ApiKeyRow>().Where(r => r.Id == id && (r.LastUsedAt == null || r.LastUsedAt < time))
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.LastUsedAt, time), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
