using System.Security.Cryptography;
using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>The keys of access tokens in the database, encrypted. Thread-safe: each call has its own context.</summary>
internal sealed class EfTokenKeyStore(ITenantContexts contexts, IdentityCipher cipher) : ITokenKeyStore
{
    private const string What = "token key v1";

    /// <summary>The keys are the installation's.</summary>
    private const string NoTenant = "system";

    public async Task<IReadOnlyList<TokenKey>> ReadAsync(CancellationToken cancellationToken)
    {
        var rows = await contexts.ReadAllAsync(
            context => context.Set<TokenKeyRow>().AsNoTracking().OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).ToListAsync(cancellationToken), cancellationToken);
        return [.. rows.Select(Read)];
    }

    public async Task<bool> AddAsync(TokenKey key, string? formerId, CancellationToken cancellationToken)
    {
        var time = key.CreatedAt.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await contexts.SerializeAsync(context, NoTenant, "token keys", cancellationToken);
        var former = await context.Set<TokenKeyRow>().AsNoTracking().Where(r => r.RetiredAt == null).Select(r => r.Id).FirstOrDefaultAsync(cancellationToken);
        if (former != formerId)
        {
            return false;
        }

        await context.Set<TokenKeyRow>().Where(r => r.RetiredAt == null).ExecuteUpdateAsync(set => set.SetProperty(r => r.RetiredAt, time), cancellationToken);
        using var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(key.PrivateKey.AsSpan(), out _);
        context.Add(new TokenKeyRow
        {
            Id = key.Id,
            Tenant = NoTenant,
            PublicKey = Convert.ToBase64String(pair.ExportSubjectPublicKeyInfo()),
            PrivateKey = cipher.Seal(What, key.Id, key.PrivateKey.AsSpan()),
            CreatedAt = time,
        });
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var time = before.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<TokenKeyRow>().Where(r => r.RetiredAt < time).ExecuteDeleteAsync(cancellationToken);
    }

    private TokenKey Read(TokenKeyRow row) => new(
        row.Id,
        [.. cipher.Open(What, row.Id, row.PrivateKey)],
        DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        row.RetiredAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
}
