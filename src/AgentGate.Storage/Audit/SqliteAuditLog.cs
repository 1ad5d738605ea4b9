using System.Runtime.CompilerServices;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Certificates;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentGate.Storage.Audit;

/// <summary>The log in SQLite. One connection writes; readers have their own. Thread-safe.</summary>
internal sealed class SqliteAuditLog : IAuditLog, IDisposable
{
    /// <summary>SQLite's result codes (sqlite.org/rescode.html) that concern a row and not the file.</summary>
    private const int TooBig = 18;

    private const int Constraint = 19;

    private const int Mismatch = 20;

    private const int ChainPage = 1000;

    private readonly SqliteDatabase _database;
    private readonly AuditOptions _options;
    private readonly WalSync? _sync;
    private readonly EvidenceCipher? _evidence;
    private readonly Lock _writing = new();
    private LogAppender? _appender;

    public SqliteAuditLog(SqliteDatabase database, AuditOptions options, TimeProvider time, ILogger<SqliteAuditLog> logger, EvidenceCipher? evidence = null)
    {
        (_database, _options, _evidence) = (database, options, evidence);
        _sync = options.Durability == AuditDurability.Write
            ? new WalSync(database.Path, options.SyncInterval, time, logger)
            : null;
    }

    /// <summary>How often the disk was asked apart from commits.</summary>
    public long Syncs => _sync?.Syncs ?? 0;

    public ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken)
    {
        lock (_writing)
        {
            var appender = _appender ??= new LogAppender(_database, _options, _evidence);
            try
            {
                appender.Append(batch);
            }
            catch
            {
                // Nobody knows in which state the connection is: closing it rolls back, the next append opens another.
                _appender = null;
                appender.Dispose();
                throw;
            }
        }

        _sync?.Request();
        return ValueTask.CompletedTask;
    }

    /// <summary>A statement that a constraint refuses comes before the commit, and its connection is closed.</summary>
    public bool IsRefusal(Exception failure) => failure is EvidenceException or SqliteException { SqliteErrorCode: TooBig or Constraint or Mismatch };

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        _sync?.SyncNow();
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken)
    {
        // The recorded head wins over the newest entry only where it is ahead: then entries were removed.
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT t.tenant, COALESCE(h.seq, 0), h.hash, COALESCE(e.seq, 0), e.hash
            FROM (SELECT tenant FROM log_heads UNION SELECT DISTINCT tenant FROM log_entries) t
            LEFT JOIN log_heads h ON h.tenant = t.tenant
            LEFT JOIN log_entries e ON e.tenant = t.tenant AND e.seq = (SELECT MAX(seq) FROM log_entries m WHERE m.tenant = t.tenant)
            """;
        using var reader = command.ExecuteReader();
        var logs = new List<StoredLog>();
        while (reader.Read())
        {
            var (headSeq, lastSeq) = (reader.GetInt64(1), reader.GetInt64(3));
            var head = lastSeq > headSeq
                ? new ChainHead(lastSeq, reader.GetFieldValue<byte[]>(4))
                : new ChainHead(headSeq, reader.GetFieldValue<byte[]>(2));
            logs.Add(new StoredLog(reader.GetString(0), ChainHead.Genesis, head, lastSeq));
        }

        return new(logs);
    }

    public ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken)
    {
        using var connection = _database.Open();
        using var command = AuditQuerySql.Build(connection, query);
        return new(Read(command));
    }

    public async IAsyncEnumerable<StoredEntry> ReadChainAsync(
        string tenant, long fromSeq, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Page by page, so that no long read keeps the write-ahead log from being folded into the database.
        await Task.CompletedTask;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = ReadPage(tenant, fromSeq, since);
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

    public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT o.seq, o.tenant, o.call_id, e.entry FROM log_open_intents o
            LEFT JOIN log_entries e ON e.tenant = o.tenant AND e.seq = o.seq
            ORDER BY o.tenant, o.seq
            """;
        using var reader = command.ExecuteReader();
        var open = new List<LogEntry>();
        while (reader.Read())
        {
            var entry = reader.IsDBNull(3) ? [] : reader.GetFieldValue<byte[]>(3);
            open.Add(OpenIntents.Read(reader.GetInt64(0), reader.GetString(1), reader.GetString(2), entry));
        }

        return new(open);
    }

    public void Dispose()
    {
        lock (_writing)
        {
            _sync?.Dispose();
            _appender?.Dispose();
            _appender = null;
        }
    }

    private List<StoredEntry> ReadPage(string tenant, long fromSeq, DateTimeOffset? since)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT seq, entry, hash FROM log_entries WHERE tenant = $tenant AND seq >= $from"
            + AuditQuerySql.OrUnreadable(since is null ? [] : ["entry ->> '$.at' >= $since"])
            + " ORDER BY seq LIMIT $limit";
        command.Parameters.AddWithValue("$tenant", tenant);
        command.Parameters.AddWithValue("$from", fromSeq);
        command.Parameters.AddWithValue("$limit", ChainPage);
        if (since is { } time)
        {
            command.Parameters.AddWithValue("$since", AuditQuerySql.Time(time));
        }

        return Read(command);
    }

    private static List<StoredEntry> Read(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var entries = new List<StoredEntry>();
        while (reader.Read())
        {
            entries.Add(new StoredEntry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
        }

        return entries;
    }
}
