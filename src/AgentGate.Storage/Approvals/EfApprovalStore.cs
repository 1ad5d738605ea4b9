using System.Text.Json;
using AgentGate.Approvals;
using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Approvals;

/// <summary>Approvals in the database, by EF Core; what they say encrypted. Thread-safe: each call has its own context.</summary>
internal sealed class EfApprovalStore(ITenantContexts contexts, IdentityCipher cipher) : IApprovalStore
{
    private const string What = "approval v1";

    public async Task<bool> AddAsync(Approval approval, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(approval.Tenant, cancellationToken);
        context.Add(Row(approval));
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            return false;
        }
    }

    public async Task<Approval?> FindAsync(string tenant, string id, CancellationToken cancellationToken)
        => Read(await contexts.ReadAsync(
            tenant, context => context.Set<ApprovalRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Tenant == tenant && r.Id == id, cancellationToken), cancellationToken));

    public async Task<Approval?> FindLiveAsync(string tenant, string callDigest, CancellationToken cancellationToken)
        => Read(await contexts.ReadAsync(
            tenant, context => context.Set<ApprovalRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Tenant == tenant && r.LiveDigest == callDigest, cancellationToken), cancellationToken));

    public async Task<bool> UpdateAsync(Approval approval, CancellationToken cancellationToken)
    {
        var row = Row(approval);
        await using var context = await contexts.OpenAsync(approval.Tenant, cancellationToken);
        return await context.Set<ApprovalRow>().Where(r => r.Tenant == row.Tenant && r.Id == row.Id && r.Version == approval.Version)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.LiveDigest, row.LiveDigest).SetProperty(r => r.Status, row.Status).SetProperty(r => r.IsRecorded, row.IsRecorded)
                    .SetProperty(r => r.Content, row.Content).SetProperty(r => r.Version, approval.Version + 1),
                cancellationToken) == 1;
    }

    public async Task<ApprovalPage> ListAsync(string tenant, ApprovalQuery query, CancellationToken cancellationToken)
    {
        var (rows, total) = await contexts.ReadAsync(
            tenant,
            async context =>
            {
                var all = context.Set<ApprovalRow>().AsNoTracking().Where(r => r.Tenant == tenant);
                if (query.Status is { } status)
                {
                    var word = ApprovalTransitions.Word(status);
                    all = all.Where(r => r.Status == word);
                }

                all = query.Tool is { } tool ? all.Where(r => r.Resource == tool) : all;
                all = query.Principal is { } principal ? all.Where(r => r.Principal == principal) : all;
                return (
                    await all.OrderByDescending(r => r.CreatedAt).ThenByDescending(r => r.Id).Skip(query.Offset).Take(query.Limit).ToListAsync(cancellationToken),
                    await all.CountAsync(cancellationToken));
            },
            cancellationToken);
        return new ApprovalPage([.. rows.Select(row => Read(row)!)], total);
    }

    public async Task<IReadOnlyList<Approval>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var rows = await contexts.ReadAllAsync(
            context => context.Set<ApprovalRow>().AsNoTracking().Where(r => (r.LiveDigest != null && r.ExpiresAt <= time) || !r.IsRecorded)
                .OrderBy(r => r.ExpiresAt).Take(most).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(row => Read(row)!)];
    }

    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var time = before.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<ApprovalRow>().Where(r => r.LiveDigest == null && r.IsRecorded && r.ExpiresAt < time).ExecuteDeleteAsync(cancellationToken);
    }

    private ApprovalRow Row(Approval approval) => new()
    {
        Id = approval.Id,
        Tenant = approval.Tenant,
        LiveDigest = approval.IsLive ? approval.CallDigest : null,
        Status = ApprovalTransitions.Word(approval.Status),
        Principal = approval.Principal,
        Resource = approval.Resource.Id,
        CreatedAt = approval.CreatedAt.ToUnixTimeMilliseconds(),
        ExpiresAt = approval.ExpiresAt.ToUnixTimeMilliseconds(),
        IsRecorded = approval.IsRecorded,
        Content = cipher.Seal(What, approval.Tenant + "/" + approval.Id, JsonSerializer.SerializeToUtf8Bytes(approval, ApprovalJson.Default.Approval)),
        Version = approval.Version,
    };

    private Approval? Read(ApprovalRow? row)
        => row is null
            ? null
            : JsonSerializer.Deserialize(cipher.Open(What, row.Tenant + "/" + row.Id, row.Content), ApprovalJson.Default.Approval)! with { Version = row.Version };
}
