using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>A recorder over a real file, as one process has it.</summary>
internal sealed class SqliteRecorderBench : IAsyncDisposable
{
    private readonly AuditMetrics _metrics = new();
    private readonly SystemIdSource _ids = new(TimeProvider.System);

    public SqliteRecorderBench(TemporaryDatabase database, AuditDurability durability = AuditDurability.Commit, LogKey? key = null)
    {
        Database = database;
        var options = new AuditOptions { Durability = durability };
        Log = new SqliteAuditLog(database.Database, options, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        Keys = new FixedLogKeySource(key ?? new LogKey("k1", new byte[32]));
        Recorder = new DecisionRecorder(Log, Keys, options, TimeProvider.System, _ids, _metrics, NullLogger<DecisionRecorder>.Instance);
    }

    public TemporaryDatabase Database { get; }

    public SqliteAuditLog Log { get; }

    public FixedLogKeySource Keys { get; }

    public DecisionRecorder Recorder { get; }

    public async Task<string> AppendAsync(EntryKind kind = EntryKind.Admin, string? callId = null, CallTrace? trace = null)
    {
        var id = _ids.NewId();
        var entry = new LogEntryBody { Id = id, Kind = kind, At = TimeProvider.System.GetUtcNow(), Tenant = "a", CallId = callId };
        await Recorder.AppendAsync(new DecisionRecord(entry) { Trace = trace }, default);
        return id;
    }

    public async Task<SqliteRecorderBench> FilledAsync(int count)
    {
        await Recorder.InitializeAsync(default);
        for (var i = 0; i < count; i++)
        {
            await AppendAsync();
        }

        return this;
    }

    public Task<ChainVerification> VerifyAsync() => new AuditVerifier(Log, Keys, Recorder).VerifyAsync("a", default);

    public async Task<LogEntryBody[]> ReadAsync()
        => [.. (await Log.ReadChainAsync("a", 1, null, default).ToListAsync()).Select(e => LogEntryParser.Parse(e.Canonical.Span).Body)];

    public async ValueTask DisposeAsync()
    {
        await Recorder.DisposeAsync();
        Log.Dispose();
        _metrics.Dispose();
    }
}
