using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Threats;
using AgentGate.Threats.Detection;

namespace AgentGate.Benchmarks.Threats;

/// <summary>Megabytes a second on one core in both contexts, and whether four times the text takes four times the time.</summary>
internal static class ThreatBench
{
    private const int Rounds = 5;

    public static IEnumerable<BenchTable> Run()
    {
        var scanner = new ThreatScanner();
        var hits = new ThreatHits();
        var table = new BenchTable(
            "threats",
            $"Scanning for attacks, every family, every reading, one core, {ThreatTexts.Length / 1024} Ki characters, best of {Rounds}, processor time",
            ("MB/s argument", "F0"), ("MB/s chat", "F0"), ("hits", "N0"), ("time of 4x / 1x", "F2"));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(3))
        {
            foreach (var (_, text) in ThreatTexts.All)
            {
                Scan(text.AsSpan(0, 1 << 12), ThreatContext.Argument);
                Scan(text.AsSpan(0, 1 << 12), ThreatContext.Chat);
            }
        }

        foreach (var (name, text) in ThreatTexts.All)
        {
            var quarter = Best(text.AsSpan(0, text.Length / 4), ThreatContext.Argument);
            var whole = Best(text, ThreatContext.Argument);
            var found = hits.Found.Count;
            var chat = Best(text, ThreatContext.Chat);
            table.Rows.Add(new BenchRow(name, Speed(whole), Speed(chat), found, whole / quarter).Against("<= 6 for 4x", whole / quarter <= 6));

            double Speed(TimeSpan time) => text.Length / time.TotalSeconds / 1e6;
        }

        table.Notes.Add("linear: the last column stays near 4; hits are kept up to 64 of a text");
        return [table];

        TimeSpan Best(ReadOnlySpan<char> text, ThreatContext context)
        {
            var best = TimeSpan.MaxValue;
            for (var round = 0; round < Rounds; round++)
            {
                var began = ThreadCpu.Now;
                Scan(text, context);
                var taken = ThreadCpu.Now - began;
                best = taken < best ? taken : best;
            }

            return best;
        }

        void Scan(ReadOnlySpan<char> text, ThreatContext context)
        {
            hits.Clear();
            scanner.Scan(text, context, ArgumentKind.Text, hits);
        }
    }
}
