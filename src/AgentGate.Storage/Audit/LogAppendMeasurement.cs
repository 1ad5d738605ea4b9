using System.Diagnostics;
using System.Security.Cryptography;
using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Audit;

/// <summary>Measures appending to a fresh log file, chain and store included.</summary>
internal static class LogAppendMeasurement
{
    private static readonly bool[] Steps = [true, false];

    /// <summary>What was measured.</summary>
    /// <param name="Entries">How many entries.</param>
    /// <param name="Elapsed">From the first append to the last acknowledgement.</param>
    /// <param name="P50">The median time from append to acknowledgement.</param>
    /// <param name="P99">Its 99th percentile.</param>
    internal sealed record Result(int Entries, TimeSpan Elapsed, TimeSpan P50, TimeSpan P99)
    {
        public double PerSecond => Entries / Elapsed.TotalSeconds;
    }

    /// <summary>Appends pairs of intent and outcome through the recorder.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="options">Durability and batch size.</param>
    /// <param name="entries">How many entries in all.</param>
    /// <param name="callers">How many callers append at once, each waiting for its acknowledgement.</param>
    /// <param name="withTraces">Whether each outcome carries a trace.</param>
    public static async Task<Result> RunAsync(string path, AuditOptions options, int entries, int callers, bool withTraces)
    {
        var database = new SqliteDatabase(path);
        await CreateAsync(database);

        var ids = new SystemIdSource(TimeProvider.System);
        using var metrics = new AuditMetrics();
        using var log = new SqliteAuditLog(database, options, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        var keys = new FixedLogKeySource(new LogKey("measure", RandomNumberGenerator.GetBytes(LogKey.MinLength)));
        await using var recorder = new DecisionRecorder(
            log, keys, options, TimeProvider.System, ids, metrics, NullLogger<DecisionRecorder>.Instance);
        await recorder.InitializeAsync(CancellationToken.None);
        await AppendAsync(recorder, ids, 200, withTraces, []);

        var latencies = Enumerable.Range(0, callers).Select(_ => new List<long>(entries / callers)).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(latencies.Select(l => Task.Run(() => AppendAsync(recorder, ids, entries / callers, withTraces, l))));
        var elapsed = Stopwatch.GetElapsedTime(start);

        var sorted = latencies.SelectMany(l => l).Order().ToArray();
        SqliteConnection.ClearAllPools();
        return new Result(
            sorted.Length,
            elapsed,
            Stopwatch.GetElapsedTime(0, sorted[sorted.Length / 2]),
            Stopwatch.GetElapsedTime(0, sorted[(int)(sorted.Length * 0.99)]));
    }

    /// <summary>Appends ready batches without callers who wait: what the writer can do by itself.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="options">Durability and batch size.</param>
    /// <param name="entries">How many entries in all.</param>
    public static async Task<Result> RunWriterAsync(string path, AuditOptions options, int entries)
    {
        var database = new SqliteDatabase(path);
        await CreateAsync(database);

        var ids = new SystemIdSource(TimeProvider.System);
        using var log = new SqliteAuditLog(database, options, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        var keys = new FixedLogKeySource(new LogKey("measure", RandomNumberGenerator.GetBytes(LogKey.MinLength)));
        var writer = new LogWriter(log, keys, null, null, options.DurabilityWord, NullLogger.Instance);
        var pending = Enumerable.Range(0, options.MaxBatch).Select(i => new PendingEntry(new DecisionRecord(Entry(ids, ids.NewId(), i % 2 == 0)))).ToList();
        var times = new List<long>();
        await writer.WriteAsync(pending, CancellationToken.None);

        var start = Stopwatch.GetTimestamp();
        for (var written = 0; written < entries; written += pending.Count)
        {
            var before = Stopwatch.GetTimestamp();
            await writer.WriteAsync(pending, CancellationToken.None);
            times.Add(Stopwatch.GetTimestamp() - before);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        times.Sort();
        SqliteConnection.ClearAllPools();
        return new Result(
            times.Count * pending.Count,
            elapsed,
            Stopwatch.GetElapsedTime(0, times[times.Count / 2]),
            Stopwatch.GetElapsedTime(0, times[(int)(times.Count * 0.99)]));
    }

    private static async Task CreateAsync(SqliteDatabase database)
    {
        database.CreateFile();
        await using var context = new AgentGateDbContext(
            new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite(database.ConnectionString).Options);
        await context.Database.MigrateAsync();
    }

    private static async Task AppendAsync(DecisionRecorder recorder, SystemIdSource ids, int entries, bool withTraces, List<long> latencies)
    {
        for (var i = 0; i < entries; i += 2)
        {
            var callId = ids.NewId();
            foreach (var intent in Steps)
            {
                var entry = Entry(ids, callId, intent);
                var trace = withTraces && !intent ? Trace(entry) : null;
                var start = Stopwatch.GetTimestamp();
                await recorder.AppendAsync(new DecisionRecord(entry) { Trace = trace }, CancellationToken.None);
                latencies.Add(Stopwatch.GetTimestamp() - start);
            }
        }
    }

    private static LogEntryBody Entry(SystemIdSource ids, string callId, bool intent) => new()
    {
        Id = ids.NewId(),
        Kind = intent ? EntryKind.Intent : EntryKind.Outcome,
        At = TimeProvider.System.GetUtcNow(),
        Tenant = "default",
        CallId = callId,
        Door = "openai.chat",
        Principal = "agent_0197b2c4d5e6f708192a3b4c5d6e7f80",
        Action = GateActions.CallModel,
        Resource = EntityRef.Model("gpt-5-mini"),
        Decision = DecisionKind.Allow,
        ContentDigest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        Targets = [new EffectTarget("openai", "gpt-5-mini")],
        Verdicts =
        [
            new VerdictRecord("Identity", "allow", null, false, false, [], TimeSpan.FromMicroseconds(3)),
            new VerdictRecord("Admissibility", "allow", null, false, false, [], TimeSpan.FromMicroseconds(11)),
            new VerdictRecord("Pii", "transform", null, false, false, [new Finding("SSN", "/messages/0/content")], TimeSpan.FromMicroseconds(42)),
        ],
        Outcome = intent ? null : OutcomeKind.Completed,
        Usage = intent ? null : new Usage(120, 48),
    };

    private static CallTrace Trace(LogEntryBody entry) => new()
    {
        CallId = entry.CallId!,
        Tenant = entry.Tenant,
        Door = entry.Door!,
        Principal = entry.Principal!,
        Action = entry.Action!,
        Resource = entry.Resource!.Value,
        StartedAt = entry.At,
        Duration = TimeSpan.FromMilliseconds(1),
        Decision = DecisionKind.Allow,
        Verdicts = entry.Verdicts,
        Sent = new string('x', 1024),
        Outcome = entry.Outcome,
        Usage = entry.Usage,
        Targets = entry.Targets,
    };
}
