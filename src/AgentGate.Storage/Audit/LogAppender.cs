using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Budgets;
using AgentGate.Storage.Certificates;
using AgentGate.Traces;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Audit;

/// <summary>The writing connection of the log with its prepared statements. Not thread-safe; thrown away after a failure.</summary>
internal sealed class LogAppender : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _entry;
    private readonly SqliteStatement _head;
    private readonly SqliteStatement _open;
    private readonly SqliteStatement _close;
    private readonly SqliteStatement _trace;
    private readonly SqliteStatement _prune;
    private readonly SqliteStatement _tile;
    private readonly BudgetPostings _budgets;
    private readonly CertificateAppender _certificates;
    private readonly int _maxTraces;

    public LogAppender(SqliteDatabase database, AuditOptions options, EvidenceCipher? evidence)
    {
        _maxTraces = options.MaxTraces;
        _connection = database.Open(options.Durability == AuditDurability.Commit ? "FULL" : "NORMAL");
        _begin = Prepare("BEGIN IMMEDIATE");
        _commit = Prepare("COMMIT");
        _entry = Prepare("INSERT INTO log_entries (tenant, seq, entry, hash) VALUES (?1, ?2, ?3, ?4)");
        _head = Prepare(
            "INSERT INTO log_heads (tenant, seq, hash) VALUES (?1, ?2, ?3) ON CONFLICT (tenant) DO UPDATE SET seq = ?2, hash = ?3");
        _open = Prepare("INSERT OR IGNORE INTO log_open_intents (tenant, call_id, seq) VALUES (?1, ?2, ?3)");
        _close = Prepare("DELETE FROM log_open_intents WHERE tenant = ?1 AND call_id = ?2");
        _trace = Prepare(
            "INSERT OR REPLACE INTO traces (tenant, call_id, started_at, status, decision, action, resource, principal, door, body) "
            + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
        _prune = Prepare("DELETE FROM traces WHERE id <= (SELECT MAX(id) FROM traces) - ?1");
        _tile = Prepare(LogTileSql.Upsert);
        _budgets = new BudgetPostings(_connection);
        _certificates = new CertificateAppender(_connection, evidence);
    }

    /// <summary>Stores the batch in one transaction.</summary>
    public void Append(AuditBatch batch)
    {
        _begin.Run();
        foreach (var entry in batch.Entries)
        {
            AppendEntry(entry);
        }

        foreach (var (tenant, head) in batch.Heads)
        {
            _head.BindText(1, tenant);
            _head.Bind(2, head.Seq);
            _head.BindBlob(3, head.Hash.Span);
            _head.Run();
        }

        foreach (var tile in batch.Tiles)
        {
            LogTileSql.Run(_tile, tile);
        }

        _certificates.Append(batch);
        foreach (var trace in batch.Traces)
        {
            AppendTrace(trace);
        }

        if (batch.Traces.Count > 0)
        {
            _prune.Bind(1, _maxTraces);
            _prune.Run();
        }

        _commit.Run();
    }

    /// <summary>Closes the connection, which rolls back what is not committed.</summary>
    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_begin, _commit, _entry, _head, _open, _close, _trace, _prune, _tile])
        {
            statement.Dispose();
        }

        _budgets.Dispose();
        _certificates.Dispose();
        _connection.Dispose();
    }

    private SqliteStatement Prepare(string sql) => new(_connection, sql);

    private void AppendEntry(ChainedEntry entry)
    {
        var body = entry.Body;
        _entry.BindText(1, body.Tenant);
        _entry.Bind(2, entry.Head.Seq);
        _entry.BindText(3, entry.Canonical.Span);
        _entry.BindBlob(4, entry.Head.Hash.Span);
        _entry.Run();
        _budgets.Apply(body);
        if (body is { Kind: EntryKind.Intent, CallId: { } opened })
        {
            _open.BindText(1, body.Tenant);
            _open.BindText(2, opened);
            _open.Bind(3, entry.Head.Seq);
            _open.Run();
        }
        else if (body is { Kind: EntryKind.Outcome, CallId: { } closed })
        {
            _close.BindText(1, body.Tenant);
            _close.BindText(2, closed);
            _close.Run();
        }
    }

    private void AppendTrace(CallTrace trace)
    {
        _trace.BindText(1, trace.Tenant);
        _trace.BindText(2, trace.CallId);
        _trace.Bind(3, trace.StartedAt.ToUnixTimeMilliseconds());
        _trace.BindText(4, TraceStatus.Of(trace));
        _trace.BindText(5, LogEntryWords.Of((DecisionKind?)trace.Decision)!);
        _trace.BindText(6, trace.Action);
        _trace.BindText(7, trace.Resource.Id);
        _trace.BindText(8, trace.Principal);
        _trace.BindText(9, trace.Door);
        _trace.BindText(10, TraceJson.Write(trace));
        _trace.Run();
    }
}
