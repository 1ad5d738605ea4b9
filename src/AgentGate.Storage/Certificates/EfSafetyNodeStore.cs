using AgentGate.Certificates;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Certificates;

/// <summary>Safety nodes in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfSafetyNodeStore(ITenantContexts contexts) : ISafetyNodeStore
{
    public async Task<IReadOnlyList<SafetyNode>> ListAsync(CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAllAsync(
            context => context.Set<SafetyNodeRow>().AsNoTracking().OrderBy(r => r.Tenant).ThenBy(r => r.NodeId).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(static row => row.ToNode())];
    }

    public async Task<bool> AddAsync(SafetyNode node, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(node.Tenant!, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, node.Tenant!, "safety nodes", cancellationToken);
        var row = SafetyNodeRow.From(node);
        if (await context.Set<SafetyNodeRow>().AnyAsync(
            r => r.Tenant == row.Tenant && (r.NodeId == row.NodeId || (r.Algorithm == row.Algorithm && r.PublicKey == row.PublicKey)), cancellationToken))
        {
            return false;
        }

        context.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            return false;
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<bool> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        return await context.Set<SafetyNodeRow>().Where(r => r.Tenant == tenant && r.NodeId == nodeId && !r.Removed)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Removed, true), cancellationToken) > 0;
    }
}
