using System.Security.Cryptography;
using System.Text;
using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>What is good once, in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfOneTimeRecords(ITenantContexts contexts, IdentityCipher cipher) : IOneTimeRecords
{
    private const string What = "one-time record v1";

    public async Task<bool> AddAsync(OneTimeRecord record, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        context.Add(new OneTimeRecordRow
        {
            Id = IdOf(record),
            Tenant = record.Tenant,
            Kind = record.Kind,
            UserId = record.UserId,
            Content = cipher.SealText(What, IdOf(record), record.Content),
            CreatedAt = record.CreatedAt.ToUnixTimeMilliseconds(),
            ExpiresAt = record.ExpiresAt.ToUnixTimeMilliseconds(),
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

    public async Task<OneTimeRecord?> FindAsync(string kind, string secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, time) = (IdOf(kind, secret), now.ToUnixTimeMilliseconds());
        var row = await contexts.ReadAllAsync(
            context => context.Set<OneTimeRecordRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id && r.ExpiresAt > time, cancellationToken), cancellationToken);
        return row is null ? null : Read(row);
    }

    public async Task<OneTimeRecord?> TakeAsync(string kind, string secret, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, time) = (IdOf(kind, secret), now.ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        if (await context.Set<OneTimeRecordRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id && r.ExpiresAt > time, cancellationToken) is not { } row)
        {
            return null;
        }

        // Whoever deletes it has it.
        return await context.Set<OneTimeRecordRow>().Where(r => r.Id == id && r.Version == row.Version).ExecuteDeleteAsync(cancellationToken) == 1 ? Read(row) : null;
    }

    public async Task<bool> UpdateAsync(OneTimeRecord record, CancellationToken cancellationToken)
    {
        var (id, content, until) = (IdOf(record), cipher.SealText(What, IdOf(record), record.Content), record.ExpiresAt.ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        return await context.Set<OneTimeRecordRow>().Where(r => r.Id == id && r.Version == record.Version)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Content, content).SetProperty(r => r.UserId, record.UserId).SetProperty(r => r.Tenant, record.Tenant)
                    .SetProperty(r => r.ExpiresAt, until).SetProperty(r => r.Version, record.Version + 1),
                cancellationToken) == 1;
    }

    public async Task<IReadOnlyList<OneTimeRecord>> ListAsync(string tenant, string kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<OneTimeRecordRow>().AsNoTracking().Where(r => r.Tenant == tenant && r.Kind == kind && r.ExpiresAt > time)
                .OrderByDescending(r => r.CreatedAt).ThenBy(r => r.Id).Take(1_000).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(Read)];
    }

    public async Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<OneTimeRecordRow>().Where(r => r.ExpiresAt < time).ExecuteDeleteAsync(cancellationToken);
    }

    private OneTimeRecord Read(OneTimeRecordRow row) => new()
    {
        Kind = row.Kind,
        SecretDigest = row.Id[(row.Kind.Length + 1)..],
        Tenant = row.Tenant,
        UserId = row.UserId,
        Content = cipher.OpenText(What, row.Id, row.Content),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresAt),
        Version = row.Version,
    };

    private static string IdOf(OneTimeRecord record) => $"{record.Kind}:{record.SecretDigest}";

    private static string IdOf(string kind, string secret) => $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))}";
}
