using System.Diagnostics;
using System.Security.Cryptography;
using AgentGate.Audit;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
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

    /// <summary>What an append does beside chain and rows.</summary>
    /// <param name="Tree">Whether the log's tree grows.</param>
    /// <param name="Certificates">Whether each intent brings a certificate, sealed by batch and stored; its evidence is empty.</param>
    internal readonly record struct Extras(bool Tree, bool Certificates);

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
    /// <param name="extras">Tree and certificates.</param>
    public static async Task<Result> RunAsync(string path, AuditOptions options, int entries, int callers, bool withTraces, Extras extras = default)
    {
        var database = new SqliteDatabase(path);
        await CreateAsync(database);

        var ids = new SystemIdSource(TimeProvider.System);
        using var metrics = new AuditMetrics();
        using var log = new SqliteAuditLog(database, options, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        var keys = new FixedLogKeySource(new LogKey("measure", RandomNumberGenerator.GetBytes(LogKey.MinLength)));
        using var signing = new EphemeralSigningKeys(ids);
        await using var recorder = new DecisionRecorder(
            log, keys, options, TimeProvider.System, ids, metrics, NullLogger<DecisionRecorder>.Instance, Trees(log, database, extras), signing);
        await recorder.InitializeAsync(CancellationToken.None);
        await AppendAsync(recorder, ids, 200, withTraces, extras, []);

        var latencies = Enumerable.Range(0, callers).Select(_ => new List<long>(entries / callers)).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(latencies.Select(l => Task.Run(() => AppendAsync(recorder, ids, entries / callers, withTraces, extras, l))));
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
    /// <param name="extras">Tree and certificates.</param>
    public static async Task<Result> RunWriterAsync(string path, AuditOptions options, int entries, Extras extras = default)
    {
        var database = new SqliteDatabase(path);
        await CreateAsync(database);

        var ids = new SystemIdSource(TimeProvider.System);
        using var log = new SqliteAuditLog(database, options, TimeProvider.System, NullLogger<SqliteAuditLog>.Instance);
        var keys = new FixedLogKeySource(new LogKey("measure", RandomNumberGenerator.GetBytes(LogKey.MinLength)));
        using var signing = new EphemeralSigningKeys(ids);
        var writer = new LogWriter(log, keys, Trees(log, database, extras), signing, options.DurabilityWord, NullLogger.Instance);
        var batches = Enumerable.Range(0, (entries / options.MaxBatch) + 2)
            .Select(_ => Enumerable.Range(0, options.MaxBatch).Select(i => new PendingEntry(Record(ids, ids.NewId(), i % 2 == 0, extras))).ToList())
            .ToList();
        var times = new List<long>();
        await writer.WriteAsync(batches[^1], CancellationToken.None);

        var start = Stopwatch.GetTimestamp();
        foreach (var batch in batches.Take(batches.Count - 1))
        {
            var before = Stopwatch.GetTimestamp();
            await writer.WriteAsync(batch, CancellationToken.None);
            times.Add(Stopwatch.GetTimestamp() - before);
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        times.Sort();
        SqliteConnection.ClearAllPools();
        return new Result(
            times.Count * options.MaxBatch,
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

    private static LogTrees? Trees(SqliteAuditLog log, SqliteDatabase database, Extras extras)
        => extras.Tree ? new LogTrees(log, new SqliteLogTiles(database), NullLogger<LogTrees>.Instance) : null;

    private static DecisionRecord Record(SystemIdSource ids, string callId, bool intent, Extras extras)
    {
        var entry = Entry(ids, callId, intent);
        if (!extras.Certificates || !intent)
        {
            return new DecisionRecord(entry);
        }

        // About as long as a certificate of a call with three guards; the hash is made here as the gate makes it.
        var body = new byte[1400];
        ids.Fill(body);
        var draft = new CertificateDraft(ids.NewId(), body, Convert.ToHexStringLower(SHA256.HashData(body)));
        return new DecisionRecord(entry with { DecisionId = draft.DecisionId, CertificateHash = draft.Hash })
        {
            Certificate = draft,
            Evidence = new DecisionEvidence(entry.Principal!, default, null, null, AdmissibilityResult.NotEvaluated, default) { At = entry.At },
        };
    }

    private static async Task AppendAsync(
        DecisionRecorder recorder, SystemIdSource ids, int entries, bool withTraces, Extras extras, List<long> latencies)
    {
        for (var i = 0; i < entries; i += 2)
        {
            var callId = ids.NewId();
            foreach (var intent in Steps)
            {
                var record = Record(ids, callId, intent, extras);
                var trace = withTraces && !intent ? Trace(record.Entry) : null;
                var start = Stopwatch.GetTimestamp();
                await recorder.AppendAsync(record with { Trace = trace }, CancellationToken.None);
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
