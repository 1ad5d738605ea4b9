using AgentGate.Keys;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Keys;

/// <summary>Keys in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfApiKeyStore(IDbContextFactory<AgentGateDbContext> contexts) : IApiKeyStore
{
    public async Task AddAsync(ApiKey key, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Add(ApiKeyRow.From(key));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Set<ApiKeyRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken);
        return row?.ToKey();
    }

    public async Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Set<ApiKeyRow>().AsNoTracking().Where(r => r.Tenant == tenant)
            .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken);
        return [.. rows.Select(r => r.ToKey())];
    }

    public async Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var time = at.ToUnixTimeMilliseconds();
        return await context.Set<ApiKeyRow>().Where(r => r.Id == id && r.Tenant == tenant)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.RevokedAt, r => r.RevokedAt ?? time), cancellationToken) > 0;
    }

    public async Task StoreUsageAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> usage, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        foreach (var (id, at) in usage)
        {
            var time = at.ToUnixTimeMilliseconds();
            await context.Set<ApiKeyRow>().Where(r => r.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.LastUsedAt, time), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
