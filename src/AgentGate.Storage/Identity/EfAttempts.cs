using AgentGate.Identity;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Identity;

/// <summary>What is tried, counted in the database. Thread-safe: each call has its own context.</summary>
internal sealed class EfAttempts(ITenantContexts contexts, IdentityCipher cipher) : IAttempts
{
    /// <summary>Attempts are nobody's: who tries is not known yet.</summary>
    private const string NoTenant = "system";

    public async Task<long> AddAsync(string kind, string subject, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, time, until) = (IdOf(kind, subject), now.ToUnixTimeMilliseconds(), (now + window).ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);

        // One statement on both databases, and so exact over all servers.
        var counts = await context.Database.SqlQuery<long>(
            $"""
            INSERT INTO attempts (id, tenant, count, window_until) VALUES ({id}, {NoTenant}, 1, {until})
            ON CONFLICT (id) DO UPDATE SET
                count = CASE WHEN attempts.window_until > {time} THEN attempts.count + 1 ELSE 1 END,
                window_until = CASE WHEN attempts.window_until > {time} THEN attempts.window_until ELSE excluded.window_until END
            RETURNING count AS "Value"
            """).ToListAsync(cancellationToken);
        return counts[0];
    }

    public async Task<long?> AddBelowAsync(string kind, string subject, long most, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, time, until) = (IdOf(kind, subject), now.ToUnixTimeMilliseconds(), (now + window).ToUnixTimeMilliseconds());
        await using var context = await contexts.OpenSystemAsync(cancellationToken);

        // No row comes back where the window is full.
        var counts = await context.Database.SqlQuery<long>(
            $"""
            INSERT INTO attempts (id, tenant, count, window_until) VALUES ({id}, {NoTenant}, 1, {until})
            ON CONFLICT (id) DO UPDATE SET
                count = CASE WHEN attempts.window_until > {time} THEN attempts.count + 1 ELSE 1 END,
                window_until = CASE WHEN attempts.window_until > {time} THEN attempts.window_until ELSE excluded.window_until END
            WHERE attempts.window_until <= {time} OR attempts.count < {most}
            RETURNING count AS "Value"
            """).ToListAsync(cancellationToken);
        return counts.Count == 0 ? null : counts[0];
    }

    public async Task<(long Count, DateTimeOffset Until)> CountAsync(string kind, string subject, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, time) = (IdOf(kind, subject), now.ToUnixTimeMilliseconds());
        var row = await contexts.ReadAllAsync(
            context => context.Set<AttemptRow>().AsNoTracking().FirstOrDefaultAsync(r => r.Id == id && r.WindowUntil > time, cancellationToken), cancellationToken);
        return row is null ? (0, now) : (row.Count, DateTimeOffset.FromUnixTimeMilliseconds(row.WindowUntil));
    }

    public async Task ResetAsync(string kind, string subject, CancellationToken cancellationToken)
    {
        var id = IdOf(kind, subject);
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<AttemptRow>().Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken);
    }

    public async Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = now.ToUnixTimeMilliseconds();
        await using var context = await contexts.OpenSystemAsync(cancellationToken);
        await context.Set<AttemptRow>().Where(r => r.WindowUntil < time).ExecuteDeleteAsync(cancellationToken);
    }

    private string IdOf(string kind, string subject) => $"{kind}:{cipher.Digest(kind, subject)}";
}
