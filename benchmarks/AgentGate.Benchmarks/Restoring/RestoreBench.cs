using System.Diagnostics;
using System.Text;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii;
using AgentGate.Pii.Restoring;
using AgentGate.Pipeline;

namespace AgentGate.Benchmarks.Restoring;

/// <summary>Putting values back into a streamed answer, delta by delta as a model sends it.</summary>
internal static class RestoreBench
{
    private const int Rounds = 7;
    private const int DeltaLength = 4;

    public static IEnumerable<BenchTable> Run()
    {
        var table = new BenchTable(
            "restore",
            $"Restoring in a stream, deltas of {DeltaLength} characters, 256 Ki characters, best of {Rounds}",
            ("MB/s", "F0"), ("ns per delta", "F0"), ("longest delta us", "F1"));
        var plain = Fill("The letter goes to the residents of both banks and says when the bridge is closed. ");
        var angled = Fill("if (a < b && c > d) { return List<Map<String, Set<T>>>; } // <EM <SSN < ");
        var dirty = Fill("We will write to <EMAIL_1>, check <SSN_1> and call <PHONE_1> as soon as more is known here. ");
        Add("no token lives in the call: no stream guard", plain, 0);
        Add("10 live tokens, none in the text", plain, 10);
        Add("10 live tokens, text full of <", angled, 10);
        Add("10 live tokens, three in each line", dirty, 10);
        Add("1,000 live tokens, three in each line", dirty, 1_000);
        return [table];

        void Add(string name, string text, int tokens)
        {
            var deltas = Enumerable.Range(0, text.Length / DeltaLength)
                .Select(i => new StreamSegment(
                    "choices/0/content", SegmentRole.Assistant, SegmentKind.Text, text.AsMemory(i * DeltaLength, DeltaLength), false, false))
                .ToArray();
            var live = Live(tokens);
            var (best, longest) = (TimeSpan.MaxValue, TimeSpan.Zero);
            for (var round = 0; round < Rounds; round++)
            {
                var guard = tokens == 0 ? null : new PiiStreamGuard(live, RestoreHosts.None);
                var (started, slowest) = (Stopwatch.GetTimestamp(), 0L);
                foreach (ref readonly var delta in deltas.AsSpan())
                {
                    var before = Stopwatch.GetTimestamp();
                    if (guard is not null)
                    {
                        guard.InspectAsync(delta, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                    }

                    slowest = Math.Max(slowest, Stopwatch.GetTimestamp() - before);
                }

                var taken = Stopwatch.GetElapsedTime(started);
                (best, longest) = taken < best ? (taken, Stopwatch.GetElapsedTime(0, slowest)) : (best, longest);
            }

            table.Rows.Add(new BenchRow(
                name, text.Length / best.TotalSeconds / 1e6, best.TotalNanoseconds / deltas.Length, longest.TotalMicroseconds)
                .Against("<= 1 ms to first token", longest < TimeSpan.FromMilliseconds(1)));
        }
    }

    private static LiveTokens Live(int count)
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["<EMAIL_1>"] = "ada.lovelace@example.com", ["<SSN_1>"] = "123-45-6789", ["<PHONE_1>"] = "+1 415 555 0100",
        };
        for (var i = 2; tokens.Count < count; i++)
        {
            tokens[$"<EMAIL_{i}>"] = $"person{i}@example.com";
        }

        return new LiveTokens(tokens);
    }

    private static string Fill(string line)
    {
        var text = new StringBuilder();
        while (text.Length < 1 << 18)
        {
            text.Append(line);
        }

        return text.ToString(0, 1 << 18);
    }
}
