using System.Data.Common;
using AgentGate.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Guardrails;

/// <summary>
/// Tracks in the database, of both profiles. A change takes a lock per track, in their order, in a transaction: SQLite lets one writer in
/// at a time by itself, PostgreSQL holds advisory locks. Thread-safe: each change has its own context.
/// </summary>
/// <param name="contexts">Contexts that see every tenant's rows: a track can be all tenants'.</param>
/// <param name="time">The clock; <see langword="null"/> for the database's own, which servers that share one must use.</param>
internal sealed class EfGuardrailStore(ITenantContexts contexts, TimeProvider? time) : IGuardrailStore, IDisposable
{
    private const int Turns = 64;
    private const int TriesMax = 3;

    /// <summary>For so long a statement waits for others, locks included. Whoever asked has given up long before.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Calls of this process that need the same track wait here, each without a connection: one scope that many call must not take the
    /// pool from everybody else. Tracks that share a place only wait longer.
    /// </summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1, 1))];

    public void Dispose() => Array.ForEach(_turns, turn => turn.Dispose());

    public async ValueTask<T> ChangeAsync<T>(
        IReadOnlyList<TrackKey> keys, Func<IReadOnlyList<GuardrailTrack>, DateTimeOffset, T> change, CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            return change([], await RunAsync(context => NowAsync(context, cancellationToken)));
        }

        var turn = _turns[(uint)keys[0].GetHashCode() % Turns];
        if (!await turn.WaitAsync(s_patience, cancellationToken))
        {
            throw new GuardrailStoreLostException("too many calls wait for one scope");
        }

        try
        {
            for (var tries = 1; ; tries++)
            {
                try
                {
                    return await ChangeInTurnAsync(keys, change, cancellationToken);
                }
                catch (GuardrailStoreLostException lost) when (lost.InnerException is DbUpdateConcurrencyException && tries < TriesMax)
                {
                    // Forgotten, or purged, in between: nothing was written, and the decision is made anew.
                }
            }
        }
        finally
        {
            turn.Release();
        }
    }

    private ValueTask<T> ChangeInTurnAsync<T>(
        IReadOnlyList<TrackKey> keys, Func<IReadOnlyList<GuardrailTrack>, DateTimeOffset, T> change, CancellationToken cancellationToken)
        => RunAsync(async context =>
        {
            // SQLite's own waiting for another writer begins with a millisecond, the provider's with 150.
            if (context.Database.IsSqlite())
            {
                await context.Database.OpenConnectionAsync(cancellationToken);
                await context.Database.ExecuteSqlRawAsync("PRAGMA busy_timeout=2000", cancellationToken);
            }

            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            foreach (var key in keys)
            {
                await contexts.SerializeAsync(context, key.Tenant, $"guardrail\n{key.Guardrail}\n{key.Rule}\n{key.Scope}", cancellationToken);
            }

            var rows = new GuardrailTrackRow?[keys.Count];
            var tracks = new GuardrailTrack[keys.Count];
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i] = await context.Set<GuardrailTrackRow>().FindAsync([keys[i].Tenant, keys[i].Guardrail, keys[i].Rule, keys[i].Scope], cancellationToken);
                tracks[i] = rows[i] is { } row ? GuardrailTrack.Read(row.Body) : new GuardrailTrack();
            }

            var answer = change(tracks, await NowAsync(context, cancellationToken));
            for (var i = 0; i < rows.Length; i++)
            {
                if (tracks[i].IsChanged)
                {
                    Write(context, keys[i], rows[i], tracks[i]);
                }
            }

            // From here on the decision is made: who goes away now is counted all the same.
            if (context.ChangeTracker.HasChanges())
            {
                await context.SaveChangesAsync(CancellationToken.None);
            }

            await transaction.CommitAsync(CancellationToken.None);
            return answer;
        });

    public ValueTask<IReadOnlyList<(TrackKey Key, GuardrailTrack Track)>> ListAsync(string tenant, string guardrail, int most, CancellationToken cancellationToken)
        => RunAsync<IReadOnlyList<(TrackKey, GuardrailTrack)>>(async context =>
        {
            var rows = await context.Set<GuardrailTrackRow>().AsNoTracking().Where(row => row.Tenant == tenant && row.Guardrail == guardrail)
                .OrderBy(row => row.Rule).ThenBy(row => row.Scope).Take(most).ToListAsync(cancellationToken);
            return [.. rows.Select(row => (new TrackKey(row.Tenant, row.Guardrail, row.Rule, row.Scope), GuardrailTrack.Read(row.Body)))];
        });

    public ValueTask<int> RemoveAsync(string tenant, string guardrail, string? rule, string? scope, CancellationToken cancellationToken)
        => RunAsync(context => context.Set<GuardrailTrackRow>()
            .Where(row => row.Tenant == tenant && row.Guardrail == guardrail && (rule == null || row.Rule == rule) && (scope == null || row.Scope == scope))
            .ExecuteDeleteAsync(cancellationToken));

    public ValueTask<int> PurgeAsync(CancellationToken cancellationToken)
        => RunAsync(async context =>
        {
            var now = (await NowAsync(context, cancellationToken)).ToUnixTimeMilliseconds();
            return await context.Set<GuardrailTrackRow>().Where(row => row.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        });

    private static void Write(AgentGateDbContext context, TrackKey key, GuardrailTrackRow? row, GuardrailTrack track)
    {
        if (track.IsEmpty)
        {
            if (row is not null)
            {
                context.Remove(row);
            }

            return;
        }

        if (row is null)
        {
            row = new GuardrailTrackRow { Tenant = key.Tenant, Guardrail = key.Guardrail, Rule = key.Rule, Scope = key.Scope };
            context.Add(row);
        }

        (row.Body, row.ExpiresAt) = (track.Write(), track.ExpiresAt);
    }

    /// <summary>The time under the locks: what is counted first has the earlier one.</summary>
    private async Task<DateTimeOffset> NowAsync(AgentGateDbContext context, CancellationToken cancellationToken)
        => time is not null
            ? time.GetUtcNow()
            : DateTimeOffset.FromUnixTimeMilliseconds((await context.Database
                .SqlQueryRaw<long>("SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS \"Value\"").ToListAsync(cancellationToken))[0]);

    private async ValueTask<T> RunAsync<T>(Func<AgentGateDbContext, Task<T>> run)
    {
        try
        {
            await using var context = await contexts.OpenSystemAsync(CancellationToken.None);
            context.Database.SetCommandTimeout(s_patience);
            return await run(context);
        }
        catch (Exception lost) when (lost is DbException or DbUpdateException or TimeoutException or ObjectDisposedException or System.Text.Json.JsonException
            || (lost is InvalidOperationException && lost.InnerException is DbException or TimeoutException))
        {
            throw new GuardrailStoreLostException((lost.GetBaseException() as DbException)?.SqlState ?? lost.GetType().Name, lost);
        }
    }
}
