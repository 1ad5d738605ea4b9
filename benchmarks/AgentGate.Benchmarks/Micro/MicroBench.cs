using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Micro;

/// <summary>The parts of a call in a second each: time and allocation, less exact than BenchmarkDotNet.</summary>
internal static class MicroBench
{
    private const int Rounds = 7;

    public static IEnumerable<BenchTable> Run()
    {
        var parts = new CallParts();
        var table = new BenchTable("micro", $"Parts of one 1 KB model call, one thread, best of {Rounds}", ("us", "F2"), ("bytes allocated", "N0"));
        Add("parse the request (JsonTree)", parts.Parse);
        Add("parse, read as chat, make segments", parts.ParseAndSegment);
        Add("scan the segments for personal data", () => parts.Scan());
        Add("one entry: canonical JSON and HMAC", parts.Entry);
        Add("the whole gate, no network, no disk", parts.Gate);
        Add("the same without certificates", parts.GateWithoutCertificate);
        table.Rows.Add(new BenchRow("  of a certificate: its body", double.NaN, parts.Sizes.Body));
        table.Rows.Add(new BenchRow("  of a certificate: α beside it", double.NaN, parts.Sizes.Alpha));
        foreach (var (guard, micros) in parts.GuardTimes(1_000))
        {
            table.Rows.Add(new BenchRow($"  of it, asking {guard}", micros, double.NaN));
        }

        return [table];

        void Add(string name, Func<object> run)
        {
            var warm = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(warm) < TimeSpan.FromSeconds(0.7))
            {
                run();
            }

            var (best, bytes) = (double.MaxValue, 0.0);
            for (var round = 0; round < Rounds; round++)
            {
                const int Times = 1_000;
                var allocated = GC.GetAllocatedBytesForCurrentThread();
                var started = Stopwatch.GetTimestamp();
                for (var i = 0; i < Times; i++)
                {
                    run();
                }

                best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalMicroseconds / Times);
                bytes = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Times;
            }

            table.Rows.Add(new BenchRow(name, best, bytes));
        }
    }
}
