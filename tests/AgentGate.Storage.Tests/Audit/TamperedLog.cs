using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>A log with every kind of entry, made once, and what somebody outside knows of it: an old checkpoint.</summary>
internal sealed class TamperedLog : IAsyncDisposable
{
    private readonly SqliteRecorderBench _bench;
    private readonly FsckMaterial _withKeys;

    private TamperedLog(SqliteRecorderBench bench, LogCheckpoint checkpoint, List<StoredEntry> entries)
    {
        (_bench, Checkpoint, Entries) = (bench, checkpoint, entries);
        _withKeys = bench.Material();
        Leaves = [.. entries.Select(e => MerkleHash.Leaf(e.Canonical.Span))];
    }

    /// <summary>What a client kept and a witness cosigned.</summary>
    public LogCheckpoint Checkpoint { get; }

    public List<StoredEntry> Entries { get; }

    public List<byte[]> Leaves { get; }

    public SigningKey Key => _bench.Signing.Current;

    public NoteKey NoteKey => NoteKey.ForLog(Checkpoint.Checkpoint.Origin, Key.PublicKey);

    public static async Task<TamperedLog> CreateAsync(int size)
    {
        var database = await TemporaryDatabase.CreateAsync();
        var bench = await new SqliteRecorderBench(database).FilledAsync(0);
        for (var done = 0; done < size; done += 500)
        {
            var step = done;
            await Task.WhenAll(Enumerable.Range(0, Math.Min(500, size - done)).Select(i => bench.Recorder.AppendAsync(new DecisionRecord(Entry(step + i)), default).AsTask()));
        }

        var checkpoint = (await bench.Publisher.PublishAsync("a", default))!;
        return new TamperedLog(bench, checkpoint, await bench.Log.ReadChainAsync("a", 1, null, default).ToListAsync());
    }

    /// <summary>Changes the file as SQL says, checks it, and takes the change back.</summary>
    /// <param name="sql">The change.</param>
    /// <param name="withKey">Whether who checks has the chain key; otherwise tree, tiles and checkpoint have to do.</param>
    /// <param name="withCheckpoint">Whether who checks has the checkpoint.</param>
    public FsckReport Check(string sql, bool withKey, bool withCheckpoint)
    {
        using var connection = _bench.Database.Database.Open();
        Execute(connection, "SAVEPOINT tampered");
        try
        {
            Execute(connection, sql);
            return new LogFsck(connection, _withKeys with { ChainKeys = withKey ? _withKeys.ChainKeys : null, Checkpoints = withCheckpoint ? _withKeys.Checkpoints : [] })
                .RunIn();
        }
        finally
        {
            Execute(connection, "ROLLBACK TO tampered; RELEASE tampered");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _bench.Database.DisposeAsync();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static LogEntryBody Entry(int number)
    {
        var kinds = Enum.GetValues<EntryKind>();
        var kind = kinds[number % kinds.Length];
        return new LogEntryBody
        {
            Id = $"id-{number:D6}",
            Kind = kind,
            At = DateTimeOffset.UnixEpoch.AddSeconds(number),
            Tenant = "a",
            CallId = kind is EntryKind.Admin or EntryKind.Unauthenticated ? null : $"call-{number / kinds.Length}",
            Principal = "agent_1",
            Action = kind == EntryKind.Admin ? "key.create" : GateActions.CallTool,
            Resource = EntityRef.Tool("crm/read_record"),
            Decision = kind is EntryKind.Intent ? DecisionKind.Allow : kind is EntryKind.Denied ? DecisionKind.Deny : null,
            Outcome = kind == EntryKind.Outcome ? OutcomeKind.Completed : null,
            Count = kind == EntryKind.Unauthenticated ? 3 : null,
            Statement = kind == EntryKind.Vote ? "{\"vote\":\"yes\"}" : null,
        };
    }
}
