using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>
/// The processes that append to the log, by the database's clock. One that was not heard of for its lease is declared ended: its open
/// intents are closed by whoever sees it first, and what it still wants to append is refused. Thread-safe.
/// </summary>
internal sealed class LogInstances(PostgresDatabase database, AuditOptions options, IIdSource ids, Func<LogInstanceKeys> keys) : IAsyncDisposable
{
    /// <summary>The advisory lock of registering: "AGlogins" in ASCII. Two processes with different keys cannot both find themselves alone.</summary>
    private const long RegisterLock = 0x41476C6F67696E73;

    /// <summary>
    /// A database that was away gives everybody a whole lease to be heard of again: nobody could say anything meanwhile.
    /// </summary>
    private const string Expire =
        """
        UPDATE log_instances SET ended_at = clock_timestamp() WHERE id IN (
            SELECT id FROM log_instances
            WHERE ended_at IS NULL AND seen_at < clock_timestamp() - lease AND pg_postmaster_start_time() < clock_timestamp() - lease
            FOR UPDATE SKIP LOCKED)
        """;

    private readonly SemaphoreSlim _registering = new(1, 1);
    private string? _id;

    /// <summary>This process's id; registered at the first call, and anew after <see cref="Forget"/>.</summary>
    /// <exception cref="AuditUnavailableException">A running process holds other keys.</exception>
    public async ValueTask<string> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _id) is { } known)
        {
            return known;
        }

        await _registering.WaitAsync(cancellationToken);
        try
        {
            if (_id is null)
            {
                Volatile.Write(ref _id, await RegisterAsync(cancellationToken));
            }

            return _id!;
        }
        finally
        {
            _registering.Release();
        }
    }

    /// <summary>The others took this process for ended.</summary>
    public void Forget(string id) => Interlocked.CompareExchange(ref _id, null, id);

    /// <summary>Says that this process is there, durably, and declares ended who was not heard of.</summary>
    /// <returns>Whether this process had been declared ended and has registered anew.</returns>
    public async ValueTask<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var id = await CurrentAsync(cancellationToken);
        await using var connection = await database.OpenUpkeepAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN"),
                new("SET LOCAL synchronous_commit = on"),
                new("UPDATE log_instances SET seen_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL RETURNING id") { Parameters = { new() { Value = id } } },
                new("COMMIT"),
            },
        };
        if (await batch.ExecuteScalarAsync(cancellationToken) is not null)
        {
            await ExpireAsync(connection, cancellationToken);
            return false;
        }

        Forget(id);
        await CurrentAsync(cancellationToken);
        return true;
    }

    /// <summary>How many others are there.</summary>
    public async ValueTask<int> CountOthersAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenUpkeepAsync(cancellationToken);
        await ExpireAsync(connection, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*)::int FROM log_instances WHERE ended_at IS NULL AND id <> $1", connection)
        {
            Parameters = { new() { Value = Volatile.Read(ref _id) ?? string.Empty } },
        };
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Says that this process ended. Whatever it left open is closed at once by the others.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _id, null) is { } id)
        {
            try
            {
                await using var connection = await database.OpenUpkeepAsync(CancellationToken.None);
                await using var command = new NpgsqlCommand("UPDATE log_instances SET ended_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL", connection)
                {
                    Parameters = { new() { Value = id } },
                };
                await command.ExecuteNonQueryAsync();
            }
            catch (NpgsqlException)
            {
                // The database is away: the lease says it in our place.
            }
        }

        _registering.Dispose();
    }

    private static async ValueTask ExpireAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Expire, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async ValueTask<string> RegisterAsync(CancellationToken cancellationToken)
    {
        var (id, own) = (ids.NewId(), keys());
        await using var connection = await database.OpenUpkeepAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("BEGIN"),
                new("SET LOCAL synchronous_commit = on"),
                new($"SELECT pg_advisory_xact_lock({RegisterLock})"),
                new(Expire),
                new("DELETE FROM log_instances WHERE ended_at < clock_timestamp() - interval '1 day'"),
                new("""
                    INSERT INTO log_instances (id, started_at, seen_at, lease, chain_key, signing_key, name)
                    SELECT $1, clock_timestamp(), clock_timestamp(), $2, $3, $4, $5
                    WHERE NOT EXISTS (SELECT FROM log_instances WHERE ended_at IS NULL AND (chain_key, signing_key, name) <> ($3, $4, $5))
                    """)
                {
                    Parameters =
                    {
                        new() { Value = id }, new() { Value = options.InstanceLease },
                        new() { Value = own.Chain }, new() { Value = own.Signing }, new() { Value = own.Name },
                    },
                },
                new("COMMIT"),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands[5].RecordsAffected == 1
            ? id
            : throw new AuditUnavailableException(
                Codes.LogKeysDiffer,
                $"a running server of this cluster holds another chain key, signing key or name than this one ({own.Chain}, {own.Signing}, {own.Name}). "
                + "Give all servers the same keys: one state directory, or AGENTGATE_HMAC_SECRET and AGENTGATE_DECISION_SIGNING_KEY. After a rotation wait until the former servers' leases end.");
    }
}
