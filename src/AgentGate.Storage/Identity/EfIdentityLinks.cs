using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>Identities of providers in the database. The subject, which may be a name or an address, is kept as a keyed digest. Thread-safe: each call has its own context.</summary>
internal sealed class EfIdentityLinks(ITenantContexts contexts, IdentityCipher cipher) : IIdentityLinks
{
    private const string What = "identity link v1";
    private const string Adding = "identity-links";

    public async Task<bool> AddAsync(IdentityLink link, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(link.Tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // Two identities of one person at once wait for each other, so that one is tied.
        await contexts.SerializeAsync(context, link.Tenant, Adding, cancellationToken);
        if (await Of(context, link.Tenant, link.UserId, link.Issuer).AnyAsync(cancellationToken))
        {
            return false;
        }

        context.Add(new IdentityLinkRow
        {
            Id = IdOf(link.Issuer, link.Subject),
            Tenant = link.Tenant,
            UserId = link.UserId,
            Issuer = link.Issuer,
            CreatedAt = link.CreatedAt.ToUnixTimeMilliseconds(),
            LastSeenAt = link.LastSeenAt.ToUnixTimeMilliseconds(),
        });
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

    public async Task<IdentityLink?> FindAsync(string issuer, string subject, CancellationToken cancellationToken)
    {
        var id = IdOf(issuer, subject);
        var row = await contexts.ReadAllAsync(
            context => context.Set<IdentityLinkRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken), cancellationToken);
        return row is null
            ? null
            : new IdentityLink(
                row.Issuer, subject, row.Tenant, row.UserId, DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt), DateTimeOffset.FromUnixTimeMilliseconds(row.LastSeenAt));
    }

    public Task<bool> HasAsync(string tenant, string userId, string issuer, CancellationToken cancellationToken)
        => contexts.ReadAsync(tenant, context => Of(context, tenant, userId, issuer).AnyAsync(cancellationToken), cancellationToken);

    public async Task SeenAsync(IdentityLink link, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, time) = (IdOf(link.Issuer, link.Subject), now.ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenAsync(link.Tenant, cancellationToken);
        await context.Set<IdentityLinkRow>().Where(r => r.Id == id && r.LastSeenAt < time)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.LastSeenAt, time), cancellationToken);
    }

    public async Task<int> RemoveAsync(string tenant, string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        return await context.Set<IdentityLinkRow>().Where(r => r.Tenant == tenant && r.UserId == userId).ExecuteDeleteAsync(cancellationToken);
    }

    private static IQueryable<IdentityLinkRow> Of(AgentGateDbContext context, string tenant, string userId, string issuer)
        => context.Set<IdentityLinkRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.UserId == userId && r.Issuer == issuer);

    // The length keeps issuer and subject apart, whatever characters they hold.
    private string IdOf(string issuer, string subject) => cipher.Digest(What, $"{issuer.Length}:{issuer}{subject}");
}
