using System.Diagnostics;
using System.Globalization;
using AgentGate.Pii;
using AgentGate.Pii.Detection;

namespace AgentGate.Benchmarks.Scanning;

/// <summary><c>scan [NAME]</c>: megabytes a second on one core, in seconds instead of the minutes that <see cref="ScanBenchmark"/> takes.</summary>
internal static class ScanVerb
{
    private const int Rounds = 40;
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(3);

    public static int Run(string[] args)
    {
        var scanner = new PiiScanner(new PiiOptions());
        var matches = new List<PiiMatch>(1 << 18);
        WarmUp(scanner, matches);
        Console.WriteLine($"{"text (1 Mi characters)",-28}{"MB/s",9}{"findings",10}{"work/char",11}");
        foreach (var (name, text) in ScanTexts.All.Where(text => args.Length == 0 || text.Name == args[0]))
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

    /// <summary>Until the runtime has compiled the scanner with all optimisations.</summary>
    private static void WarmUp(PiiScanner scanner, List<PiiMatch> matches)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < WarmUpTime)
        {
            foreach (var (_, text) in ScanTexts.All)
            {
                matches.Clear();
                scanner.Scan(text.AsSpan(0, 1 << 14), matches);
            }
        }
    }
}
