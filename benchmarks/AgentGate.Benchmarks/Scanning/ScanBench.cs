using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Pii;
using AgentGate.Pii.Detection;

namespace AgentGate.Benchmarks.Scanning;

/// <summary>Megabytes a second on one core, and whether four times the text takes four times the time.</summary>
internal static class ScanBench
{
    private const int Rounds = 5;

    public static IEnumerable<BenchTable> Run()
    {
        var scanner = new PiiScanner(new PiiOptions());
        var matches = new List<PiiMatch>(1 << 18);
        var table = new BenchTable(
            "scan",
            $"Scanning for personal data, all built-in types, one core, 1 Mi characters, best of {Rounds}",
            ("MB/s", "F0"), ("findings", "N0"), ("time of 4x / 1x", "F2"), ("work/char", "F2"));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3))
        {
            foreach (var (_, text) in ScanTexts.All)
            {
                matches.Clear();
                scanner.Scan(text.AsSpan(0, 1 << 15), matches);
            }
        }

        foreach (var (name, text) in ScanTexts.All)
        {
            var (quarter, _) = Best(text.AsSpan(0, text.Length / 4));
            var (whole, work) = Best(text);
            var speed = text.Length / whole.TotalSeconds / 1e6;
            var bound = name == "clean prose" ? 200 : name == "JSON with ids" ? 100 : 50;
            table.Rows.Add(new BenchRow(name, speed, matches.Count, whole / quarter, (double)work / text.Length).Against($">= {bound} MB/s", speed >= bound));
        }

        table.Notes.Add("linear: the last column but one stays near 4, and the work per character does not grow");
        return [table];

        (TimeSpan Time, long Work) Best(ReadOnlySpan<char> text)
        {
            var (best, work) = (TimeSpan.MaxValue, 0L);
            for (var round = 0; round < Rounds; round++)
            {
                matches.Clear();
                var began = Stopwatch.GetTimestamp();
                scanner.Scan(text, matches, out work);
                var taken = Stopwatch.GetElapsedTime(began);
                best = taken < best ? taken : best;
            }

            return (best, work);
        }
    }
}
