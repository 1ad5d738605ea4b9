using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Audit;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>One process of a cluster: a recorder over a database it shares with others.</summary>
internal sealed class PostgresRecorderBench : IAsyncDisposable
{
    private readonly AuditMetrics _metrics = new();
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("n"));

    /// <param name="database">The database, a pool of this process's own.</param>
    /// <param name="signing">The keys all processes share.</param>
    /// <param name="options">How the log is written.</param>
    /// <param name="key">The chain key.</param>
    /// <param name="witnesses">Who cosigns.</param>
    public PostgresRecorderBench(
        PostgresDatabase database, ISigningKeys signing, AuditOptions? options = null, LogKey? key = null, ICheckpointWitnesses? witnesses = null)
    {
        Database = database;
        Options = options ?? new AuditOptions();
        Signing = signing;
        Keys = new FixedLogKeySource(key ?? new LogKey("k1", new byte[32]));
        Instances = new LogInstances(database, Options, Ids, () => new LogInstanceKeys(Keys.Current.Id, Signing.Current.Id, Signing.Name));
        Cipher = new EvidenceCipher(new MasterKey(), Ids);
        Log = new PostgresAuditLog(database, Instances, Options, Cipher);
        Trees = new LogTrees(Log, new PostgresLogTiles(database), NullLogger<LogTrees>.Instance);
        Files = new CheckpointFiles(_folder);
        Publisher = new CheckpointPublisher(
            Trees, Log, Signing, _metrics, NullLogger<CheckpointPublisher>.Instance, Files, witnesses, new PostgresCheckpoints(database));
        Recorder = new DecisionRecorder(Log, Keys, Options, TimeProvider.System, Ids, _metrics, NullLogger<DecisionRecorder>.Instance, Trees, Signing);
    }

    public PostgresDatabase Database { get; }

    public AuditOptions Options { get; }

    public SystemIdSource Ids { get; } = new(TimeProvider.System);

    public ISigningKeys Signing { get; }

    public FixedLogKeySource Keys { get; }

    public LogInstances Instances { get; }

    public EvidenceCipher Cipher { get; }

    public PostgresAuditLog Log { get; }

    public LogTrees Trees { get; }

    public CheckpointFiles Files { get; }

    public CheckpointPublisher Publisher { get; }

    public DecisionRecorder Recorder { get; }

    /// <summary>A process on a test's database.</summary>
    public static async Task<PostgresRecorderBench> StartAsync(
        PostgresTestDatabase database, ISigningKeys signing, AuditOptions? options = null, LogKey? key = null, ICheckpointWitnesses? witnesses = null)
    {
        var bench = new PostgresRecorderBench(new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", database.Url)), signing, options, key, witnesses);
        await bench.Publisher.InitializeAsync(default);
        await bench.Recorder.InitializeAsync(default);
        return bench;
    }

    public static EphemeralSigningKeys SigningKeys() => new(new SystemIdSource(TimeProvider.System));

    public async Task<string> AppendAsync(EntryKind kind = EntryKind.Admin, string? callId = null, string tenant = "a")
    {
        var id = Ids.NewId();
        var entry = new LogEntryBody { Id = id, Kind = kind, At = TimeProvider.System.GetUtcNow(), Tenant = tenant, CallId = callId };
        await Recorder.AppendAsync(new DecisionRecord(entry), default);
        return id;
    }

    public Task<ChainVerification> VerifyAsync(string tenant = "a") => new AuditVerifier(Log, Keys, Recorder).VerifyAsync(tenant, default);

    public async Task<LogEntryBody[]> ReadAsync(string tenant = "a")
        => [.. (await Log.ReadChainAsync(tenant, 1, null, default).ToListAsync()).Select(e => LogEntryParser.Parse(e.Canonical.Span).Body)];

    /// <summary>The root, by the definition.</summary>
    public async Task<byte[]> RootAsync(string tenant = "a")
        => MerkleTree.RootOf([.. (await Log.ReadChainAsync(tenant, 1, null, default).ToListAsync()).Select(e => MerkleHash.Leaf(e.Canonical.Span))]);

    /// <summary>Ends without a word, as a killed process does: what it held is gone, its row stays.</summary>
    public async Task VanishAsync()
    {
        await Recorder.DisposeAsync();
        await Database.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Recorder.DisposeAsync();
        await Log.DisposeAsync();
        await Database.DisposeAsync();
        _metrics.Dispose();
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    internal sealed class MasterKey : IEvidenceMasterKey
    {
        public ReadOnlyMemory<byte> Key { get; } = Enumerable.Range(0, 32).Select(i => (byte)i).ToArray();
    }
}
