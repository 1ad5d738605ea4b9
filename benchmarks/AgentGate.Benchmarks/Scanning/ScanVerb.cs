using System.Diagnostics;
using System.Globalization;
using AgentGate.Pii;
using AgentGate.Pii.Detection;

namespace AgentGate.Benchmarks.Scanning;

/// <summary><c>scan</c>: megabytes a second on one core, in seconds instead of the minutes that <see cref="ScanBenchmark"/> takes.</summary>
internal static class ScanVerb
{
    private const int Rounds = 9;

    public static int Run()
    {
        var scanner = new PiiScanner(new PiiOptions());
        var matches = new List<PiiMatch>(1 << 18);
        Console.WriteLine($"{"text (1 Mi characters)",-28}{"MB/s",9}{"findings",10}{"work/char",11}");
        foreach (var (name, text) in ScanTexts.All)
        {
            var best = TimeSpan.MaxValue;
            var work = 0L;
            for (var round = 0; round < Rounds; round++)
            {
                matches.Clear();
                var started = Stopwatch.GetTimestamp();
                scanner.Scan(text, matches, out work);
                var taken = Stopwatch.GetElapsedTime(started);
                best = taken < best ? taken : best;
            }

            // One character counts as one byte: these texts are ASCII but for the last.
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-28}{text.Length / best.TotalSeconds / 1e6,9:F0}{matches.Count,10}{(double)work / text.Length,11:F2}"));
        }

        return 0;
    }
}
