using System.Runtime.CompilerServices;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>
/// The log in PostgreSQL. Any number of processes append, each with one connection; the rows of <c>log_heads</c> put them in order
/// (ADR 0027). Readers see one tenant. Thread-safe.
/// </summary>
internal sealed class PostgresAuditLog(PostgresDatabase database, LogInstances instances, AuditOptions options, EvidenceCipher? evidence = null)
    : ISharedAuditLog, IAsyncDisposable
{
    private const int ChainPage = 1000;

    private readonly PostgresAppender _appender = new(database, options, evidence);

    /// <summary>
    /// An error (and not the end of the session) rolled the transaction back. What concerns the whole server is none of a tenant's: classes
    /// 53 (resources), 57 (operator), 58 (system) and 08 (connection) of "PostgreSQL Error Codes".
    /// </summary>
    public bool IsRefusal(Exception failure) => failure is EvidenceException
        || (failure is PostgresException { InvariantSeverity: "ERROR", SqlState: var state } && state[..2] is not ("53" or "57" or "58" or "08"));

    /// <inheritdoc />
    public async ValueTask<ISharedAppend> BeginAsync(
        IReadOnlyList<LogPosition> logs, IReadOnlyList<DecisionRecord> records, CancellationToken cancellationToken)
        => await BeginAsync(AppendRequest.Of(logs, records), cancellationToken);

    /// <inheritdoc />
    public async ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken)
    {
        var subjects = batch.Certificates.Where(static c => c.Record.Evidence?.Epoch is not null).Select(static c => (c.Tenant, c.Record.Evidence!.Principal)).Distinct();
        var request = new AppendRequest([.. batch.Heads.Keys.Select(static tenant => new LogPosition(tenant, long.MaxValue))], [], [.. subjects]);
        await using var append = await BeginAsync(request, cancellationToken);
        await append.CommitAsync(batch, cancellationToken);
    }

    /// <summary>A commit that waits for the disk waits for every one before it, too.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (options.Durability == AuditDurability.Write)
        {
            await instances.RenewAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    public ValueTask<bool> RenewAsync(CancellationToken cancellationToken) => instances.RenewAsync(cancellationToken);

    /// <inheritdoc />
    public ValueTask<int> CountOthersAsync(CancellationToken cancellationToken) => instances.CountOthersAsync(cancellationToken);

    /// <inheritdoc />
    public async ValueTask<IReadOnlyDictionary<string, ChainHead>> ReadHeadsAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT tenant, seq, hash FROM log_heads WHERE seq > 0" + (tenant is null ? string.Empty : " AND tenant = $1"), connection);
        if (tenant is not null)
        {
            command.Parameters.Add(new() { Value = tenant });
        }

        var heads = new Dictionary<string, ChainHead>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            heads[reader.GetString(0)] = new ChainHead(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2));
        }

        return heads;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken)
    {
        // The recorded head wins over the newest entry only where it is ahead: then entries were removed. Tenants are found by jumping
        // from one to the next in the index, not by reading every entry.
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            WITH RECURSIVE jump AS (
                (SELECT tenant FROM log_entries ORDER BY tenant LIMIT 1)
                UNION ALL
                SELECT (SELECT e.tenant FROM log_entries e WHERE e.tenant > j.tenant ORDER BY e.tenant LIMIT 1) FROM jump j WHERE j.tenant IS NOT NULL)
            SELECT t.tenant, COALESCE(h.seq, 0), h.hash, COALESCE(e.seq, 0), e.hash
            FROM (SELECT tenant FROM log_heads WHERE seq > 0 UNION SELECT tenant FROM jump WHERE tenant IS NOT NULL) t
            LEFT JOIN log_heads h ON h.tenant = t.tenant
            LEFT JOIN LATERAL (SELECT seq, hash FROM log_entries m WHERE m.tenant = t.tenant ORDER BY seq DESC LIMIT 1) e ON true
            ORDER BY t.tenant
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var logs = new List<StoredLog>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var (headSeq, lastSeq) = (reader.GetInt64(1), reader.GetInt64(3));
            var head = lastSeq > headSeq
                ? new ChainHead(lastSeq, reader.GetFieldValue<byte[]>(4))
                : new ChainHead(headSeq, reader.GetFieldValue<byte[]>(2));
            logs.Add(new StoredLog(reader.GetString(0), ChainHead.Genesis, head, lastSeq));
        }

        return logs;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(query.Tenant, cancellationToken);
        await using var command = PostgresAuditQuery.Build(connection, query);
        return await ReadEntriesAsync(command, cancellationToken);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoredEntry> ReadChainAsync(
        string tenant, long fromSeq, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page, so that no long read keeps old row versions from being cleaned up.
        while (true)
        {
            List<StoredEntry> page;
            await using (var connection = await database.OpenAsync(tenant, cancellationToken))
            {
                await using var command = PostgresAuditQuery.BuildPage(connection, tenant, fromSeq, since, ChainPage);
                page = await ReadEntriesAsync(command, cancellationToken);
            }

            foreach (var entry in page)
            {
                yield return entry;
            }

            if (page.Count < ChainPage)
            {
                yield break;
            }

            fromSeq = page[^1].Seq + 1;
        }
    }

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken) => ReadIntentsAsync("true", cancellationToken);

    /// <inheritdoc />
    public ValueTask<IReadOnlyList<LogEntry>> ReadAbandonedIntentsAsync(CancellationToken cancellationToken)
        => ReadIntentsAsync("NOT EXISTS (SELECT FROM log_instances i WHERE i.id = o.instance AND i.ended_at IS NULL)", cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _appender.DisposeAsync();
        await instances.DisposeAsync();
    }

    private async ValueTask<ISharedAppend> BeginAsync(AppendRequest request, CancellationToken cancellationToken)
    {
        var instance = await instances.CurrentAsync(cancellationToken);
        return await _appender.BeginAsync(request, instance, cancellationToken) is { } append
            ? append
            : throw Ended(instance);
    }

    private AuditUnavailableException Ended(string instance)
    {
        instances.Forget(instance);
        return new AuditUnavailableException(
            Diagnostics.Codes.InstanceEnded, "the other servers took this one for ended, because it was not heard of for its lease; it begins anew.");
    }

    private async ValueTask<IReadOnlyList<LogEntry>> ReadIntentsAsync(string condition, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            SELECT o.seq, o.tenant, o.call_id, e.entry FROM log_open_intents o
            LEFT JOIN log_entries e ON e.tenant = o.tenant AND e.seq = o.seq
            WHERE {condition} ORDER BY o.tenant, o.seq
            """,
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var open = new List<LogEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = reader.IsDBNull(3) ? [] : reader.GetFieldValue<byte[]>(3);
            open.Add(OpenIntents.Read(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), entry));
        }

        return open;
    }

    private static async ValueTask<List<StoredEntry>> ReadEntriesAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<StoredEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new StoredEntry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
        }

        return entries;
    }
}
