using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>Identities of providers in the database. The subject, which may be a name or an address, is kept as a keyed digest. Thread-safe: each call has its own context.</summary>
internal sealed class EfIdentityLinks(ITenantContexts contexts, IdentityCipher cipher) : IIdentityLinks
{
    private const string What = "identity link v1";

    public async Task<bool> AddAsync(IdentityLink link, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(link.Tenant, cancellationToken);
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

    // The length keeps issuer and subject apart, whatever characters they hold.
    private string IdOf(string issuer, string subject) => cipher.Digest(What, $"{issuer.Length}:{issuer}{subject}");
}
