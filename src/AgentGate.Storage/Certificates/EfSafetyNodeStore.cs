using AgentGate.Certificates;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Certificates;

/// <summary>Safety nodes in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfSafetyNodeStore(IDbContextFactory<AgentGateDbContext> contexts) : ISafetyNodeStore
{
    public async Task<IReadOnlyList<SafetyNode>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Set<SafetyNodeRow>().AsNoTracking().OrderBy(r => r.Tenant).ThenBy(r => r.NodeId).ToListAsync(cancellationToken);
        return [.. rows.Select(static row => row.ToNode())];
    }

    public async Task AddAsync(SafetyNode node, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Add(SafetyNodeRow.From(node));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<bool> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Set<SafetyNodeRow>().Where(r => r.Tenant == tenant && r.NodeId == nodeId && !r.Removed)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Removed, true), cancellationToken) > 0;
    }
}
