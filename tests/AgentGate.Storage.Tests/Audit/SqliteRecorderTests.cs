using System.Collections.Concurrent;
using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using AgentGate.Storage.Traces;

namespace AgentGate.Storage.Tests.Audit;

public sealed class SqliteRecorderTests
{
    [Theory]
    [InlineData(AuditDurability.Commit, "commit")]
    [InlineData(AuditDurability.Write, "write")]
    public async Task Sixty_four_writers_leave_a_whole_log(AuditDurability durability, string word)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database, durability).FilledAsync(0);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20; i++)
            {
                await bench.AppendAsync();
            }
        })));

        var result = await bench.VerifyAsync();
        Assert.True(result.Valid);
        Assert.Equal(1280, result.Checked);
        Assert.All(await bench.ReadAsync(), entry => Assert.Equal(word, entry.Durability));
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_chain()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using (var before = await new SqliteRecorderBench(database).FilledAsync(5))
        {
            await before.AppendAsync(EntryKind.Intent, "1");
        }

        await using var after = await new SqliteRecorderBench(database).FilledAsync(5);
        var result = await after.VerifyAsync();
        Assert.True(result.Valid);
        Assert.Equal(12, result.Checked);
        var closing = (await after.ReadAsync())[6];
        Assert.Equal(("1", OutcomeKind.Unknown), (closing.CallId, closing.Outcome));
    }

    [Theory]
    [InlineData(AuditDurability.Commit)]
    [InlineData(AuditDurability.Write)]
    public async Task Nothing_acknowledged_is_missing_from_a_copy_of_the_files_taken_under_load(AuditDurability durability)
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database, durability).FilledAsync(1);
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                acknowledged.Add(await bench.AppendAsync(EntryKind.Intent, Guid.NewGuid().ToString()));
                if (acknowledged.Count >= 400)
                {
                    reached.TrySetResult();
                }
            }
        })).ToArray();

        await reached.Task;
        var before = acknowledged.ToArray();
        await using var copy = database.Copy();
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        await using var after = await new SqliteRecorderBench(copy).FilledAsync(0);
        var entries = await after.ReadAsync();
        Assert.Empty(before.Except(entries.Select(e => e.Id)));
        Assert.True((await after.VerifyAsync()).Valid);
        Assert.Equal(
            entries.Where(e => e.Kind == EntryKind.Intent).Select(e => e.CallId).Order(),
            entries.Where(e => e.Outcome == OutcomeKind.Unknown).Select(e => e.CallId).Order());
    }

    [Fact]
    public async Task Entry_and_trace_are_stored_together_or_not_at_all()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(0);
        var traces = new SqliteTraceStore(database.Database);
        database.Execute("ALTER TABLE traces RENAME TO traces_away; CREATE TABLE traces (id INTEGER)");
        await Assert.ThrowsAsync<AuditUnavailableException>(() => bench.AppendAsync(callId: "1", trace: Trace("1")));
        Assert.Empty(await bench.ReadAsync());
        Assert.False(bench.Recorder.IsWritable);

        database.Execute("DROP TABLE traces; ALTER TABLE traces_away RENAME TO traces");
        await bench.AppendAsync(callId: "2", trace: Trace("2"));
        Assert.True(bench.Recorder.IsWritable);
        Assert.Null(await traces.FindAsync("a", "1", default));
        Assert.NotNull(await traces.FindAsync("a", "2", default));
        Assert.True((await bench.VerifyAsync()).Valid);
    }

    [Fact]
    public async Task The_files_belong_to_their_owner_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix file modes.");
            return;
        }

        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(1);
        var folder = Path.GetDirectoryName(database.Database.Path)!;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        var files = Directory.GetFiles(folder);
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task The_model_and_the_migrations_agree()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var context = database.CreateDbContext();
        Assert.False(Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.HasPendingModelChanges(context.Database));
    }

    [Fact]
    public async Task The_measurement_runs()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        var result = await LogAppendMeasurement.RunAsync(
            database.Database.Path, new AuditOptions { Durability = AuditDurability.Write }, 400, 4, withTraces: true);
        Assert.Equal(400, result.Entries);
    }

    private static CallTrace Trace(string id) => new()
    {
        CallId = id,
        Tenant = "a",
        Door = "openai.chat",
        Principal = "p",
        Action = GateActions.CallModel,
        Resource = EntityRef.Model("m"),
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.Zero,
        Decision = DecisionKind.Allow,
    };
}
