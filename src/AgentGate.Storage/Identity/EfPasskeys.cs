using System.Text.Json;
using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>
/// Passkeys in the database, by EF Core. What the owner calls one and what verifying takes lie together, encrypted; a use is stored only over
/// what was read, so that a counter never goes back. Thread-safe: each call has its own context.
/// </summary>
internal sealed class EfPasskeys(ITenantContexts contexts, IdentityCipher cipher, IdentityChanges changes) : IPasskeys
{
    private const string What = "passkey v1";
    private const string Adding = "passkeys";
    private const int TriesMax = 20;

    public async Task<PasskeyAddition> AddAsync(Passkey passkey, int most, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(passkey.Tenant, cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // Two at once of one user wait for each other, so that neither overruns the bound.
        await contexts.SerializeAsync(context, passkey.Tenant, Adding, cancellationToken);
        if (await Of(context, passkey.Tenant, passkey.UserId).CountAsync(cancellationToken) >= most)
        {
            return PasskeyAddition.TooMany;
        }

        context.Add(new PasskeyRow
        {
            Id = passkey.Id,
            Tenant = passkey.Tenant,
            UserId = passkey.UserId,
            Data = Seal(passkey),
            CreatedAt = passkey.CreatedAt.ToUnixTimeMilliseconds(),
            LastUsedAt = passkey.LastUsedAt?.ToUnixTimeMilliseconds(),
        });
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            changes.Raise();
            return PasskeyAddition.Added;
        }
        catch (DbUpdateException failure) when (contexts.IsDuplicate(failure))
        {
            return PasskeyAddition.Taken;
        }
    }

    public async Task<Passkey?> FindAsync(string id, CancellationToken cancellationToken)
        => await RowAsync(id, cancellationToken) is { } row ? Read(row) : null;

    public async Task<IReadOnlyList<Passkey>> ListAsync(string tenant, string userId, CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAsync(
            tenant, context => Of(context, tenant, userId).OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(Read)];
    }

    public Task<bool> HasAsync(string tenant, string userId, CancellationToken cancellationToken)
        => contexts.ReadAsync(tenant, context => Of(context, tenant, userId).AnyAsync(cancellationToken), cancellationToken);

    public Task<bool> UseAsync(string id, uint signCount, bool isBackedUp, DateTimeOffset now, CancellationToken cancellationToken)
        => ChangeAsync(
            id,
            passkey => signCount > passkey.SignCount || (signCount == 0 && passkey.SignCount == 0)
                ? passkey with { SignCount = signCount, IsBackedUp = isBackedUp, LastUsedAt = now }
                : null,
            cancellationToken);

    public Task<bool> RenameAsync(string tenant, string userId, string id, string name, CancellationToken cancellationToken)
        => ChangeAsync(id, passkey => passkey.Tenant == tenant && passkey.UserId == userId ? passkey with { Name = name } : null, cancellationToken);

    public async Task<bool> RemoveAsync(string tenant, string userId, string id, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        var removed = await context.Set<PasskeyRow>().Where(r => r.Tenant == tenant && r.UserId == userId && r.Id == id).ExecuteDeleteAsync(cancellationToken) > 0;
        changes.Raise();
        return removed;
    }

    private static IQueryable<PasskeyRow> Of(AgentGateDbContext context, string tenant, string userId)
        => context.Set<PasskeyRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.UserId == userId);

    /// <summary>Stores a change over what was read, or reads again; <see langword="null"/> from the change ends it.</summary>
    private async Task<bool> ChangeAsync(string id, Func<Passkey, Passkey?> change, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await RowAsync(id, cancellationToken) is not { } row || change(Read(row)) is not { } changed)
            {
                return false;
            }

            // The ciphertext is another each time, so it says whether anybody wrote meanwhile.
            var (before, data, used) = (row.Data, Seal(changed), changed.LastUsedAt?.ToUnixTimeMilliseconds());
            await using var context = await contexts.OpenAsync(row.Tenant, cancellationToken);
            if (await context.Set<PasskeyRow>().Where(r => r.Id == id && r.Data == before)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.Data, data).SetProperty(r => r.LastUsedAt, used), cancellationToken) == 1)
            {
                return true;
            }
        }

        throw new InvalidOperationException("A passkey was changed by others too often to be changed here.");
    }

    private async Task<PasskeyRow?> RowAsync(string id, CancellationToken cancellationToken)
        => id.Contains('\0', StringComparison.Ordinal)
            ? null
            : await contexts.ReadAllAsync(
                context => context.Set<PasskeyRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken), cancellationToken);

    private byte[] Seal(Passkey passkey) => cipher.Seal(What, passkey.Id, JsonSerializer.SerializeToUtf8Bytes(new Data(
        passkey.Name, [.. passkey.PublicKey], passkey.SignCount, [.. passkey.Transports], passkey.Aaguid, passkey.IsBackupEligible, passkey.IsBackedUp)));

    private Passkey Read(PasskeyRow row)
    {
        var data = JsonSerializer.Deserialize<Data>(cipher.Open(What, row.Id, row.Data))!;
        return new Passkey
        {
            Id = row.Id,
            Tenant = row.Tenant,
            UserId = row.UserId,
            Name = data.Name,
            PublicKey = [.. data.PublicKey],
            SignCount = data.SignCount,
            Transports = [.. data.Transports],
            Aaguid = data.Aaguid,
            IsBackupEligible = data.IsBackupEligible,
            IsBackedUp = data.IsBackedUp,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
            LastUsedAt = row.LastUsedAt is { } used ? DateTimeOffset.FromUnixTimeMilliseconds(used) : null,
        };
    }

    private sealed record Data(string Name, byte[] PublicKey, uint SignCount, string[] Transports, string Aaguid, bool IsBackupEligible, bool IsBackedUp);
}
