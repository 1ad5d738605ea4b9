using System.Diagnostics;
using AgentGate.Audit;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;

namespace AgentGate.Benchmarks.Audit;

/// <summary>Appends to a fresh log file, chain and store included, as the gate does it and as fast as the writer can.</summary>
internal static class LogBench
{
    private const string Target = ">= 60,000 entries/s as rows";

    public static IEnumerable<BenchTable> Run(BenchSettings settings)
    {
        var folder = settings.NewFolder("log");
        var table = new BenchTable(
            "log",
            "Log append, entries of about 0.9 KB, HMAC chain and SQLite rows (acknowledgement times; of the writer: times per batch)",
            ("entries/s", "N0"), ("p50 ms", "F3"), ("p99 ms", "F3"), ("entries", "N0"));
        foreach (var durability in (AuditDurability[])[AuditDurability.Commit, AuditDurability.Write])
        {
            var word = durability == AuditDurability.Commit ? "commit" : "write";
            Callers(1, durability == AuditDurability.Commit ? 400 : 4_000, withTraces: false);
            Callers(256, 20_000, withTraces: false);
            Callers(256, 20_000, withTraces: true);
            var (bare, tree, all) = (default(LogAppendMeasurement.Extras), new LogAppendMeasurement.Extras(true, false), new LogAppendMeasurement.Extras(true, true));
            foreach (var callers in new[] { 1, 64, 1024 })
            {
                Callers(callers, callers == 1 ? 400 : 20_480, withTraces: false, all);
            }

            Writer(256, bare);
            Writer(256, tree);
            Writer(256, all);
            Writer(1024, bare);
            Writer(1024, tree);
            Writer(1024, all);

            void Callers(int callers, int entries, bool withTraces, LogAppendMeasurement.Extras extras = default)
            {
                var result = LogAppendMeasurement.RunAsync(
                    Next(), new AuditOptions { Durability = durability }, entries, callers, withTraces, extras).GetAwaiter().GetResult();
                table.Rows.Add(Row($"{word}, {callers} waiting {(callers == 1 ? "caller" : "callers")}{(withTraces ? ", with traces" : "")}{Words(extras)}", result));
            }

            void Writer(int batch, LogAppendMeasurement.Extras extras)
            {
                var result = LogAppendMeasurement.RunWriterAsync(
                    Next(), new AuditOptions { Durability = durability, MaxBatch = batch }, 40_000, extras).GetAwaiter().GetResult();
                table.Rows.Add(Row($"{word}, writer alone, batches of {batch}{Words(extras)}", result).Against(Target, result.PerSecond >= 60_000));
            }
        }

        return [table, Signing()];

        string Next() => Path.Combine(folder, $"log-{table.Rows.Count}.db");

        static string Words(LogAppendMeasurement.Extras extras)
            => (extras.Tree, extras.Certificates) switch { (true, true) => ", tree and certificates", (true, false) => ", tree", _ => "" };

        static BenchRow Row(string name, LogAppendMeasurement.Result result)
            => new(name, result.PerSecond, result.P50.TotalMilliseconds, result.P99.TotalMilliseconds, result.Entries);
    }

    /// <summary>What sealing costs a decision: leaf, tree, one signature, paths.</summary>
    private static BenchTable Signing()
    {
        var table = new BenchTable("signing", "Sealing certificates of 1.4 KB by batch", ("µs per decision", "F2"), ("of it signature", "F2"), ("batch", "N0"));
        var ids = new SystemIdSource(TimeProvider.System);
        foreach (var algorithm in (SignatureAlgorithm[])[SignatureAlgorithm.Ed25519, SignatureAlgorithm.EcdsaP256])
        {
            using var key = SigningSecret.Fresh(algorithm, ids).Key;
            foreach (var size in (int[])[1, 64, 256, 1024])
            {
                var drafts = Enumerable.Range(0, size).Select(i => new CertificateDraft($"d{i}", new byte[1400], "")).ToList();
                var rounds = Math.Max(20, 40_000 / size);
                Seal(drafts, key, Math.Max(5, rounds / 10));
                var all = Seal(drafts, key, rounds);
                var start = Stopwatch.GetTimestamp();
                for (var i = 0; i < rounds; i++)
                {
                    key.Sign(SigningDomains.CertificateBatch, new byte[40]);
                }

                var signature = Stopwatch.GetElapsedTime(start).TotalMicroseconds / rounds / size;
                var row = new BenchRow($"{algorithm}, batches of {size}", all, signature, size);
                table.Rows.Add(size == 256 && algorithm == SignatureAlgorithm.Ed25519 ? row.Against("<= 0.5 µs signing per decision", signature <= 0.5) : row);
            }
        }

        return table;
    }

    private static double Seal(List<CertificateDraft> drafts, SigningKey key, int rounds)
    {
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < rounds; round++)
        {
            var batch = CertificateBatch.Sign(drafts, key);
            for (var i = 0; i < drafts.Count; i++)
            {
                batch.Seal(i, "bench/default", i);
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / rounds / drafts.Count;
    }
}
