using AgentGate.Deception;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Deception;

/// <summary>Honey tokens in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfHoneyStore(ITenantContexts contexts) : IHoneyStore
{
    public async Task AddAsync(StoredHoneyToken token, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(token.Token.Tenant, cancellationToken);
        context.Add(HoneyTokenRow.From(token));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        return await context.Set<HoneyTokenRow>().Where(r => r.Id == id && r.Tenant == tenant).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    public async Task<IReadOnlyList<StoredHoneyToken>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAllAsync(
            context => context.Set<HoneyTokenRow>().AsNoTracking().OrderBy(r => r.Id).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(r => r.ToToken())];
    }

    public async Task AddTriggerAsync(HoneyTrigger trigger, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(trigger.Tenant, cancellationToken);
        context.Add(HoneyTriggerRow.From(trigger));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<HoneyTrigger>> ListTriggersAsync(string tenant, string? principal, int limit, CancellationToken cancellationToken)
    {
        if (principal?.Contains('\0', StringComparison.Ordinal) is true)
        {
            // PostgreSQL takes no such text; no principal has such an id.
            return [];
        }

        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<HoneyTriggerRow>().AsNoTracking()
                .Where(r => r.Tenant == tenant && (principal == null || r.Principal == principal))
                .OrderByDescending(r => r.At).ThenByDescending(r => r.Id).Take(limit).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => r.ToTrigger())];
    }

    public async Task<int> ClearAsync(string tenant, string principal, DateTimeOffset at, string by, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        var time = at.ToUnixTimeMilliseconds();
        return await context.Set<HoneyTriggerRow>().Where(r => r.Tenant == tenant && r.Principal == principal && r.ClearedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.ClearedAt, time).SetProperty(r => r.ClearedBy, by), cancellationToken);
    }

    public async Task<IReadOnlyList<HoneyStanding>> ReadStandingsAsync(CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAllAsync(
            context => context.Set<HoneyTriggerRow>().AsNoTracking().Where(r => r.ClearedAt == null)
                .GroupBy(r => new { r.Tenant, r.Principal })
                .Select(group => new { group.Key.Tenant, group.Key.Principal, Severity = group.Max(r => r.Severity) })
                .ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(r => new HoneyStanding(r.Tenant, r.Principal, r.Severity))];
    }
}
