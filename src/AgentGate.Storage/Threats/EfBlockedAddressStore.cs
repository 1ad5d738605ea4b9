using System.Security.Cryptography;
using AgentGate.Identity;
using AgentGate.Threats.Behaviour;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Threats;

/// <summary>Blocked addresses in the database, by EF Core; the addresses encrypted, found by keyed digests. Thread-safe: each call has its own context.</summary>
internal sealed class EfBlockedAddressStore(ITenantContexts contexts, IdentityCipher cipher) : IBlockedAddressStore
{
    /// <summary>Addresses are refused before anybody knows whose request it is.</summary>
    private const string NoTenant = "system";

    private const string What = "blocked address v1";

    public async Task<(BlockedAddress Blocked, int MadeRoom)> AddAsync(BlockedAddress blocked, int most, CancellationToken cancellationToken)
    {
        var (id, now) = (cipher.Digest(What, blocked.Origin), blocked.BlockedAt.ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, NoTenant, "blocked-addresses", cancellationToken);
        var row = await context.Set<BlockedAddressRow>().FirstOrDefaultAsync(r => r.Id == id, cancellationToken);
        if (row is not null && row.ExpiresAt >= blocked.ExpiresAt.ToUnixTimeMilliseconds())
        {
            return (Read(row)!, 0);
        }

        var madeRoom = 0;
        if (row is null)
        {
            await context.Set<BlockedAddressRow>().Where(r => r.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
            var over = await context.Set<BlockedAddressRow>().CountAsync(cancellationToken) - most + 1;
            if (over > 0)
            {
                var soonest = await context.Set<BlockedAddressRow>().OrderBy(r => r.ExpiresAt).ThenBy(r => r.Id).Take(over).Select(r => r.Id).ToListAsync(cancellationToken);
                madeRoom = await context.Set<BlockedAddressRow>().Where(r => soonest.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
            }

            row = new BlockedAddressRow { Id = id, Tenant = NoTenant, Address = cipher.SealText(What, id, blocked.Origin) };
            context.Add(row);
        }

        (row.Reason, row.BlockedBy, row.BlockedAt, row.ExpiresAt) = (blocked.Reason, blocked.BlockedBy, now, blocked.ExpiresAt.ToUnixTimeMilliseconds());
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (blocked with { Id = id }, madeRoom);
    }

    public async Task<(IReadOnlyList<BlockedAddress> Blocked, int Unreadable)> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var rows = await contexts.ReadAllAsync(
            context => context.Set<BlockedAddressRow>().AsNoTracking().Where(r => r.ExpiresAt > time)
                .OrderByDescending(r => r.BlockedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken);
        var read = rows.Select(Read).OfType<BlockedAddress>().ToList();
        return (read, rows.Count - read.Count);
    }

    public async Task<bool> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            // PostgreSQL takes no such text; no block has such an id.
            return false;
        }

        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        return await context.Set<BlockedAddressRow>().Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    public async Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<BlockedAddressRow>().Where(r => r.ExpiresAt <= time).ExecuteDeleteAsync(cancellationToken);
    }

    private BlockedAddress? Read(BlockedAddressRow row)
    {
        try
        {
            return new BlockedAddress
            {
                Id = row.Id,
                Origin = cipher.OpenText(What, row.Id, row.Address),
                Reason = row.Reason,
                BlockedBy = row.BlockedBy,
                BlockedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.BlockedAt),
                ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt),
            };
        }
        catch (CryptographicException)
        {
            // Whoever reads counts what is missing and says so.
            return null;
        }
    }
}
