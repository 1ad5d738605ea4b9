using System.Security.Cryptography;
using System.Text.Json;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>
/// Where acts came from, in the database. A random 256-bit key per user, wrapped under the identity key; the origins under a cipher of that
/// key. Thread-safe: each call has its own context.
/// </summary>
internal sealed class EfActOrigins(ITenantContexts contexts, IdentityCipher cipher, IIdSource ids) : IActOrigins
{
    private const string KeyWhat = "user key v1";
    private const string What = "act origin v1";

    /// <summary>The key of acts of nobody in particular: they are no person's to erase.</summary>
    private const string Nobody = "nobody:";

    public async Task AddAsync(string entryId, string tenant, string userId, ActOrigin origin, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var key = await KeyAsync(tenant, userId, at, cancellationToken);
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        context.Add(new ActOriginRow
        {
            Id = entryId,
            Tenant = tenant,
            UserId = userId,
            Origin = Of(key).Seal(What, entryId, JsonSerializer.SerializeToUtf8Bytes(new[] { origin.Address, origin.UserAgent })),
            At = at.ToUnixTimeMilliseconds(),
        });
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<IReadOnlyDictionary<string, ActOrigin>> FindAsync(string tenant, IReadOnlyCollection<string> entryIds, CancellationToken cancellationToken)
    {
        var wanted = entryIds.ToArray();
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<ActOriginRow>().AsNoTracking().Where(r => r.Tenant == tenant && wanted.Contains(r.Id)).ToListAsync(cancellationToken),
            cancellationToken);
        return await OpenAsync(tenant, rows, cancellationToken);
    }

    public async Task<IReadOnlyList<string>> AddressesAsync(string tenant, string userId, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var time = since.ToUnixTimeMilliseconds();
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<ActOriginRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.UserId == userId && r.At >= time)
                .OrderByDescending(r => r.At).Take(500).ToListAsync(cancellationToken),
            cancellationToken);
        var opened = await OpenAsync(tenant, rows, cancellationToken);
        return [.. rows.Where(row => opened.ContainsKey(row.Id)).Select(row => opened[row.Id].Address).Distinct(StringComparer.Ordinal)];
    }

    public async Task<bool> EraseAsync(string tenant, string userId, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        return await context.Set<UserKeyRow>().Where(r => r.Tenant == tenant && r.UserId == userId).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    private async Task<IReadOnlyDictionary<string, ActOrigin>> OpenAsync(string tenant, List<ActOriginRow> rows, CancellationToken cancellationToken)
    {
        var users = rows.Select(row => KeyOf(tenant, row.UserId)).Distinct(StringComparer.Ordinal).ToArray();
        var keys = await contexts.ReadAsync(
            tenant,
            context => context.Set<UserKeyRow>().AsNoTracking().Where(r => r.Tenant == tenant && users.Contains(r.UserId)).ToDictionaryAsync(r => r.UserId, r => r.Wrapped, cancellationToken),
            cancellationToken);
        var opened = new Dictionary<string, ActOrigin>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (keys.TryGetValue(KeyOf(tenant, row.UserId), out var wrapped))
            {
                try
                {
                    var parts = JsonSerializer.Deserialize<string[]>(Of(cipher.Open(KeyWhat, KeyOf(tenant, row.UserId), wrapped)).Open(What, row.Id, row.Origin))!;
                    opened[row.Id] = new ActOrigin(parts[0], parts[1]);
                }
                catch (AuthenticationTagMismatchException)
                {
                    // Kept under a key that was destroyed since; the user has another one now.
                }
            }
        }

        return opened;
    }

    private async Task<byte[]> KeyAsync(string tenant, string userId, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var id = KeyOf(tenant, userId);
        for (var tries = 0; ; tries++)
        {
            await using var context = await contexts.OpenAsync(tenant, cancellationToken);
            if (await context.Set<UserKeyRow>().AsNoTracking().FirstOrDefaultAsync(r => r.UserId == id, cancellationToken) is { } row)
            {
                return cipher.Open(KeyWhat, id, row.Wrapped);
            }

            var key = new byte[32];
            ids.Fill(key);
            context.Add(new UserKeyRow { UserId = id, Tenant = tenant, Wrapped = cipher.Seal(KeyWhat, id, key), CreatedAt = at.ToUnixTimeMilliseconds() });
            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return key;
            }
            catch (DbUpdateException failure) when (tries < 3 && contexts.IsDuplicate(failure))
            {
                // Another act of the same user was faster.
            }
        }
    }

    private static string KeyOf(string tenant, string userId) => userId.Length > 0 ? userId : Nobody + tenant;

    private IdentityCipher Of(byte[] key) => new(new FixedIdentityKey(key), ids);
}
