using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>Sign-in sessions in the database, by EF Core. Thread-safe: each call has its own context.</summary>
internal sealed class EfSignInSessionStore(ITenantContexts contexts, IdentityCipher cipher, IdentityChanges changes) : ISignInSessionStore
{
    private readonly SignInMapping _mapping = new(cipher);

    public async Task AddAsync(SignInSession session, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(session.Tenant, cancellationToken);
        context.Add(_mapping.Write(session));
        await context.SaveChangesAsync(cancellationToken);
    }

    public async Task<SignInSession?> FindAsync(string id, CancellationToken cancellationToken)
    {
        var row = await contexts.ReadAllAsync(
            context => context.Set<SignInSessionRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id, cancellationToken), cancellationToken);
        return row is null ? null : _mapping.Read(row);
    }

    public async Task<SignInSession?> FindBySecretAsync(string digest, CancellationToken cancellationToken)
    {
        var row = await contexts.ReadAllAsync(
            context => context.Set<SignInSessionRow>().AsNoTracking().FirstOrDefaultAsync(r => r.SecretDigest == digest, cancellationToken), cancellationToken);
        return row is null ? null : _mapping.Read(row);
    }

    public async Task<IReadOnlyList<SignInSession>> ListAsync(string tenant, string userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var rows = await contexts.ReadAsync(
            tenant,
            context => context.Set<SignInSessionRow>().AsNoTracking()
                .Where(r => r.Tenant == tenant && r.UserId == userId && r.RevokedAt == null && r.ExpiresAt > time)
                .OrderByDescending(r => r.LastActiveAt).ThenBy(r => r.Id).ToListAsync(cancellationToken),
            cancellationToken);
        return [.. rows.Select(_mapping.Read)];
    }

    public async Task<(RefreshResult Result, SignInSession? Session)> RotateAsync(
        string digest, string nextDigest, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var (time, until) = (now.ToUnixTimeMilliseconds(), expiresAt.ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // The one statement that decides: of two that show the same token, one finds it.
        var found = await context.Set<SignInSessionRow>()
            .Where(r => r.SecretDigest == digest && r.Kind == SignInKinds.Token && r.RevokedAt == null && r.ExpiresAt > time)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.SecretDigest, nextDigest).SetProperty(r => r.LastActiveAt, time), cancellationToken);
        if (found == 1)
        {
            var row = await context.Set<SignInSessionRow>().AsNoTracking().FirstAsync(r => r.SecretDigest == nextDigest, cancellationToken);
            context.Add(new UsedRefreshTokenRow { Digest = digest, Tenant = row.Tenant, SessionId = row.Id, UsedAt = time, ExpiresAt = until });
            await context.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return (RefreshResult.Rotated, _mapping.Read(row));
        }

        if (await context.Set<UsedRefreshTokenRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Digest == digest, cancellationToken) is not { } used)
        {
            return (RefreshResult.Unknown, null);
        }

        await context.Set<SignInSessionRow>().Where(r => r.Id == used.SessionId && r.RevokedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(r => r.RevokedAt, time).SetProperty(r => r.RevokedFor, SignInEndings.Reuse), cancellationToken);
        var ended = await context.Set<SignInSessionRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == used.SessionId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        changes.Raise();
        return (RefreshResult.Reused, ended is null ? null : _mapping.Read(ended));
    }

    public async Task<bool> StepUpAsync(SignInSession session, string formerDigest, CancellationToken cancellationToken)
    {
        var row = _mapping.Write(session);
        await using var context = await contexts.OpenAsync(session.Tenant, cancellationToken);
        var open = context.Set<SignInSessionRow>().Where(r => r.Id == session.Id && r.Kind == row.Kind && r.RevokedAt == null);
        var stored = (session.Kind == SignInKinds.Cookie
            ? await open.Where(r => r.SecretDigest == formerDigest).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Assurance, row.Assurance).SetProperty(r => r.Methods, row.Methods)
                    .SetProperty(r => r.SecretDigest, row.SecretDigest).SetProperty(r => r.AuthenticatedAt, row.AuthenticatedAt)
                    .SetProperty(r => r.LastActiveAt, row.LastActiveAt),
                cancellationToken)
            : await open.ExecuteUpdateAsync(
                set => set.SetProperty(r => r.Assurance, row.Assurance).SetProperty(r => r.Methods, row.Methods)
                    .SetProperty(r => r.AuthenticatedAt, row.AuthenticatedAt).SetProperty(r => r.LastActiveAt, row.LastActiveAt),
                cancellationToken)) == 1;
        changes.Raise();
        return stored;
    }

    public async Task StoreActivityAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> activity, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);

        // In one order everywhere, so that two servers that store at once wait for each other and do not block each other.
        foreach (var (id, at) in activity.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var time = at.ToUnixTimeMilliseconds();
            await context.Set<SignInSessionRow>().Where(r => r.Id == id && r.LastActiveAt < time)
                .ExecuteUpdateAsync(set => set.SetProperty(r => r.LastActiveAt, time), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<bool> EndAsync(string tenant, string userId, string id, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (id.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        return await EndAsync(context.Set<SignInSessionRow>().Where(r => r.Tenant == tenant && r.UserId == userId && r.Id == id), why, now, cancellationToken) > 0;
    }

    public async Task<int> EndAllAsync(string tenant, string userId, string? except, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(tenant, cancellationToken);
        return await EndAsync(context.Set<SignInSessionRow>().Where(r => r.Tenant == tenant && r.UserId == userId && r.Id != except), why, now, cancellationToken);
    }

    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var time = before.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<UsedRefreshTokenRow>().Where(r => r.ExpiresAt < time).ExecuteDeleteAsync(cancellationToken);
        await context.Set<SignInSessionRow>().Where(r => r.ExpiresAt < time || r.RevokedAt < time).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<int> EndAsync(IQueryable<SignInSessionRow> sessions, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        var ended = await sessions.Where(r => r.RevokedAt == null && r.ExpiresAt > time)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.RevokedAt, time).SetProperty(r => r.RevokedFor, why), cancellationToken);
        changes.Raise();
        return ended;
    }
}
