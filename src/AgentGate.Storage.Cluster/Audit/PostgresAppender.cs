using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Certificates;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Traces;
using AgentGate.Storage.Cluster.Budgets;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>
/// The writing connection of the log. An append is two round trips: one locks the logs and reads what is needed, one stores and
/// commits. After a failure the connection is thrown away. Thread-safe: appends wait for each other.
/// </summary>
internal sealed class PostgresAppender(PostgresDatabase database, AuditOptions options, EvidenceCipher? evidence) : IAsyncDisposable
{
    /// <summary>How many entries of others are taken over one by one; beyond it the tree is read from its tiles.</summary>
    private const int EntriesMax = 1024;

    /// <summary>
    /// How long others wait for a lock, and when PostgreSQL takes it from a holder who says nothing, because it was stopped or cut off:
    /// well before, so that those who wait go on and do not fail.
    /// </summary>
    private const string Timeouts = "SET lock_timeout = '8s'; SET idle_in_transaction_session_timeout = '3s'; SET statement_timeout = '15s'";

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CertificateRows _certificates = new(evidence);
    private readonly TraceRows _traces = new(options.MaxTraces);
    private NpgsqlConnection? _connection;
    private long _session;

    /// <summary>Locks logs.</summary>
    /// <returns>The append; <see langword="null"/> where the process was declared ended.</returns>
    public async ValueTask<PostgresAppend?> BeginAsync(AppendRequest request, string instance, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var connection = _connection ??= await OpenAsync(cancellationToken);
            if (await LockAsync(connection, request, instance, cancellationToken) is { } locked)
            {
                return new PostgresAppend(this, connection, _session, locked);
            }

            await RollBackAsync(connection);
            _turn.Release();
            return null;
        }
        catch
        {
            await DropAsync();
            throw;
        }
    }

    /// <summary>Reads what further records of locked logs need.</summary>
    public static async ValueTask LookUpAsync(NpgsqlConnection connection, LockedLogs locked, AppendRequest request, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 20 };
        LockCommands.AddLookUps(batch, request);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await TakeLookUpsAsync(reader, locked, request, cancellationToken);
    }

    /// <summary>Which entries are not stored as they were.</summary>
    public static async ValueTask<IReadOnlyList<int>> FindMissingAsync(NpgsqlConnection connection, IReadOnlyList<LogMark> entries, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { LogRows.Missing(entries) }, Timeout = 20 };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var missing = new List<int>();
        while (await reader.ReadAsync(cancellationToken))
        {
            missing.Add(reader.GetInt32(0));
        }

        return missing;
    }

    /// <summary>Stores a batch and unlocks.</summary>
    public async ValueTask CommitAsync(NpgsqlConnection connection, LockedLogs locked, AuditBatch batch, CancellationToken cancellationToken)
    {
        await using var commands = new NpgsqlBatch(connection) { Timeout = 20 };
        if (batch.ToDisk)
        {
            commands.BatchCommands.Add(new NpgsqlBatchCommand("SET LOCAL synchronous_commit = on"));
            if (batch.Entries.Count == 0)
            {
                // A transaction that wrote nothing waits for nothing.
                commands.BatchCommands.Add(LogRows.Command("UPDATE log_instances SET seen_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL", locked.Instance));
            }
        }

        if (batch.Entries.Count > 0)
        {
            commands.BatchCommands.Add(LogRows.Entries(batch));
            commands.BatchCommands.Add(LogRows.Heads(batch));
            LogRows.AddIntents(commands, batch, locked.Instance);
            LedgerPostings.Add(commands, batch.Entries.Select(static entry => entry.Body));
        }

        if (batch.Tiles.Count > 0)
        {
            commands.BatchCommands.Add(LogRows.Tiles(batch.Tiles));
        }

        _certificates.Add(commands, batch, locked.Keys);
        _traces.Add(commands, batch);
        commands.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await commands.ExecuteNonQueryAsync(cancellationToken);
        _certificates.Stored();
    }

    /// <summary>Ends an append: what was not stored is rolled back, a connection in an unknown state is closed.</summary>
    public async ValueTask EndAsync(NpgsqlConnection connection, bool isStored, bool isBroken)
    {
        if (isBroken)
        {
            await DropAsync();
            return;
        }

        try
        {
            if (!isStored)
            {
                await RollBackAsync(connection);
            }
        }
        catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
        {
            await DropAsync();
            return;
        }

        _turn.Release();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }

        _turn.Dispose();
    }

    private static async ValueTask RollBackAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("ROLLBACK", connection);
        await command.ExecuteNonQueryAsync();
    }

    private async ValueTask DropAsync()
    {
        var connection = _connection;
        _connection = null;
        _certificates.Forget();
        try
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }
        }
        catch (NpgsqlException)
        {
            // It was broken already; whoever sees the failure that led here is told of that one.
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenUpkeepAsync(cancellationToken);
        try
        {
            // In the form `on` a commit is on the disk; in the form `off` it is in PostgreSQL, which writes it within its wal_writer_delay.
            var commit = options.Durability == AuditDurability.Commit ? "on" : "off";
            await using var command = new NpgsqlCommand($"{Timeouts}; SET synchronous_commit = {commit}", connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            _session++;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<LockedLogs?> LockAsync(NpgsqlConnection connection, AppendRequest request, string instance, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 20 };
        var isGrowthWanted = LockCommands.Add(batch, request, instance, EntriesMax);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var heads = new List<(string Tenant, ChainHead Head)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            heads.Add((reader.GetString(0), new ChainHead(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2))));
        }

        await reader.NextResultAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        var locked = new LockedLogs(instance);
        var entries = heads.ToDictionary(static h => h.Tenant, static _ => new List<StoredEntry>(), StringComparer.Ordinal);
        if (isGrowthWanted)
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                entries[reader.GetString(0)].Add(new StoredEntry(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetFieldValue<byte[]>(3)));
            }
        }

        foreach (var (tenant, head) in heads)
        {
            locked.Logs.Add(new LogGrowth(tenant, head, entries[tenant], entries[tenant].Count <= EntriesMax));
        }

        if (request.Calls.Count + request.Subjects.Count > 0)
        {
            await reader.NextResultAsync(cancellationToken);
            await TakeLookUpsAsync(reader, locked, request, cancellationToken);
        }

        return locked;
    }

    private static async ValueTask TakeLookUpsAsync(NpgsqlDataReader reader, LockedLogs locked, AppendRequest request, CancellationToken cancellationToken)
    {
        if (request.Calls.Count > 0)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                locked.Open.Add((reader.GetString(0), reader.GetString(1)));
            }

            await reader.NextResultAsync(cancellationToken);
        }

        if (request.Subjects.Count > 0)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                locked.Keys[(reader.GetString(0), reader.GetString(1))] = (reader.GetString(2), reader.GetFieldValue<byte[]>(3));
            }
        }
    }
}
