using AgentGate.Audit;
using AgentGate.Benchmarks.Reporting;
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
            Writer(256);
            Writer(1024);

            void Callers(int callers, int entries, bool withTraces)
            {
                var result = LogAppendMeasurement.RunAsync(
                    Next(), new AuditOptions { Durability = durability }, entries, callers, withTraces).GetAwaiter().GetResult();
                table.Rows.Add(Row($"{word}, {callers} waiting {(callers == 1 ? "caller" : "callers")}{(withTraces ? ", with traces" : "")}", result));
            }

            void Writer(int batch)
            {
                var result = LogAppendMeasurement.RunWriterAsync(
                    Next(), new AuditOptions { Durability = durability, MaxBatch = batch }, 40_000).GetAwaiter().GetResult();
                table.Rows.Add(Row($"{word}, writer alone, batches of {batch}", result).Against(Target, result.PerSecond >= 60_000));
            }
        }

        return [table];

        string Next() => Path.Combine(folder, $"log-{table.Rows.Count}.db");

        static BenchRow Row(string name, LogAppendMeasurement.Result result)
            => new(name, result.PerSecond, result.P50.TotalMilliseconds, result.P99.TotalMilliseconds, result.Entries);
    }
}
