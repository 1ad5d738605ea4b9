using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>A recorder over a real file, as one process has it: chain, tree, signing, checkpoints.</summary>
internal sealed class SqliteRecorderBench : IAsyncDisposable
{
    private readonly AuditMetrics _metrics = new();

    public SqliteRecorderBench(
        TemporaryDatabase database,
        AuditDurability durability = AuditDurability.Commit,
        LogKey? key = null,
        ILogKeySource? keys = null,
        ISigningKeys? signing = null,
        ICheckpointWitnesses? witnesses = null)
    {
        Database = database;
        Options = new AuditOptions { Durability = durability };
        Log = new SqliteAuditLog(database.Database, Options, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        Keys = keys ?? new FixedLogKeySource(key ?? new LogKey("k1", new byte[32]));
        Signing = signing ?? new EphemeralSigningKeys(Ids);
        Trees = new LogTrees(Log, new SqliteLogTiles(database.Database), NullLogger<LogTrees>.Instance);
        Files = new CheckpointFiles(Path.Combine(database.Folder, "checkpoints"));
        Publisher = new CheckpointPublisher(Trees, Log, Signing, _metrics, NullLogger<CheckpointPublisher>.Instance, Files, witnesses);
        Recorder = new DecisionRecorder(
            Log, Keys, Options, TimeProvider.System, Ids, _metrics, NullLogger<DecisionRecorder>.Instance, Trees, Signing);
    }

    public TemporaryDatabase Database { get; }

    public AuditOptions Options { get; }

    public SystemIdSource Ids { get; } = new(TimeProvider.System);

    public SqliteAuditLog Log { get; }

    public ILogKeySource Keys { get; }

    public ISigningKeys Signing { get; }

    public LogTrees Trees { get; }

    public CheckpointFiles Files { get; }

    public CheckpointPublisher Publisher { get; }

    public DecisionRecorder Recorder { get; }

    public async Task<string> AppendAsync(EntryKind kind = EntryKind.Admin, string? callId = null, CallTrace? trace = null, string tenant = "a")
    {
        var id = Ids.NewId();
        var entry = new LogEntryBody { Id = id, Kind = kind, At = TimeProvider.System.GetUtcNow(), Tenant = tenant, CallId = callId };
        await Recorder.AppendAsync(new DecisionRecord(entry) { Trace = trace }, default);
        return id;
    }

    /// <summary>Starts as a server does: checks what was vouched for, then takes the log over; and appends.</summary>
    public async Task<SqliteRecorderBench> FilledAsync(int count)
    {
        await Publisher.InitializeAsync(default);
        await Recorder.InitializeAsync(default);
        for (var done = 0; done < count; done += 500)
        {
            await Task.WhenAll(Enumerable.Range(0, Math.Min(500, count - done)).Select(_ => AppendAsync()));
        }

        return this;
    }

    public Task<ChainVerification> VerifyAsync(string tenant = "a") => new AuditVerifier(Log, Keys, Recorder).VerifyAsync(tenant, default);

    public async Task<LogEntryBody[]> ReadAsync(string tenant = "a")
        => [.. (await Log.ReadChainAsync(tenant, 1, null, default).ToListAsync()).Select(e => LogEntryParser.Parse(e.Canonical.Span).Body)];

    /// <summary>The leaf hashes, by the definition.</summary>
    public async Task<List<byte[]>> LeavesAsync()
        => [.. (await Log.ReadChainAsync("a", 1, null, default).ToListAsync()).Select(e => MerkleHash.Leaf(e.Canonical.Span))];

    /// <summary>Checks the file from outside, with everything there is.</summary>
    public FsckReport Fsck()
    {
        using var connection = LogFsck.Open(Database.Database.Path);
        return new LogFsck(connection, Material()).Run();
    }

    public FsckMaterial Material() => new()
    {
        ChainKeys = Keys,
        SigningKeys = Signing.All,
        Name = Signing.Name,
        Checkpoints = Files.ReadAll(),
    };

    public async ValueTask DisposeAsync()
    {
        await Recorder.DisposeAsync();
        Log.Dispose();
        _metrics.Dispose();
    }
}
