using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Limits;

namespace AgentGate.Benchmarks.Limits;

/// <summary>Acquisitions in sliding windows, beside the framework's own partitioned sliding window in the same run.</summary>
internal static class LimitBench
{
    private const int ManyKeys = 100_000;
    private const int Rounds = 5;
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(0.4);

    public static IEnumerable<BenchTable> Run()
    {
        var table = new BenchTable(
            "limits",
            $"Limits: acquisitions that fit, {SlidingWindow.Slots} slots a window, median of {Rounds} rounds, then the framework's in the same process",
            ("M/s", "F2"), ("M per CPU second", "F2"), ("CPU ns each", "F0"), ("bytes each", "F1"), ("framework M per CPU second", "F2"), ("ratio", "F2"));
        foreach (var threads in (int[])[1, 2])
        {
            foreach (var keys in (int[])[1, ManyKeys])
            {
                Add(rules: 1, keys, threads);
                Add(rules: 3, keys, threads);
            }
        }

        table.Notes.Add("framework: PartitionedRateLimiter over SlidingWindowRateLimiter with as many segments, keys by string; three rules are three of them, "
            + "which takes places one by one and gives none back, so it does less.");
        table.Notes.Add("M/s is of all threads together by the clock on the wall; a hot key is one lock for all of them. On a quiet machine one thread's M/s "
            + "and M per CPU second are the same; ratios are of CPU time.");
        table.Notes.AddRange(Guarded());
        return [table];

        void Add(int rules, int keys, int threads)
        {
            using var bench = new LimitBenchCase(rules, keys);
            var ours = new Measured(threads, bench.Ours);
            var theirs = new Measured(threads, bench.Framework);
            for (var round = 0; round <= Rounds; round++)
            {
                // The first round warms up and is dropped.
                ours.Round(s_round, keep: round > 0);
            }

            // The framework's timers go through all of its limiters, so it is made when ours has been measured.
            bench.BuildFramework();
            for (var round = 0; round <= Rounds; round++)
            {
                theirs.Round(s_round, keep: round > 0);
            }

            var row = new BenchRow(
                $"{threads} {(threads == 1 ? "thread" : "threads")}, {rules} {(rules == 1 ? "rule" : "rules")}, {(keys == 1 ? "one hot key" : $"{keys:N0} keys")}",
                ours.PerSecond / 1e6,
                ours.PerCpuSecond / 1e6,
                1e9 / ours.PerCpuSecond,
                ours.BytesEach,
                theirs.PerCpuSecond / 1e6,
                ours.PerCpuSecond / theirs.PerCpuSecond);
            table.Rows.Add(threads == 1 && rules == 1 && keys == 1 ? row.Against(">= 10 M per CPU second", ours.PerCpuSecond >= 10e6) : row);
        }
    }

    /// <summary>The whole guard, as the gate asks it: what a call pays.</summary>
    private static IEnumerable<string> Guarded()
    {
        using var bench = new LimitBenchCase(rules: 3, keys: 1);
        var measured = new Measured(1, bench.Guard);
        for (var round = 0; round <= Rounds; round++)
        {
            measured.Round(s_round, keep: round > 0);
        }

        yield return FormattableString.Invariant(
            $"the guard with three rules, patterns, verdict and status for the headers: {1e9 / measured.PerCpuSecond:F0} ns of CPU and {measured.BytesEach:F0} bytes a call.");
    }

    /// <summary>Runs one thing on several threads for a while, several times.</summary>
    private sealed class Measured(int threads, Func<int, int, bool> acquire)
    {
        private readonly List<double> _perSecond = [];
        private readonly List<double> _perCpuSecond = [];
        private readonly List<double> _bytes = [];

        public double PerSecond => Samples.Median(_perSecond);

        public double PerCpuSecond => Samples.Median(_perCpuSecond);

        public double BytesEach => Samples.Median(_bytes);

        public void Round(TimeSpan length, bool keep)
        {
            var (done, allocated) = (new long[threads * 16], new long[threads * 16]);
            using var begin = new Barrier(threads);
            var started = 0L;
            var cpu = Environment.CpuUsage.TotalTime;
            var workers = Enumerable.Range(0, threads).Select(thread => new Thread(() => Work(thread))).ToList();
            workers.ForEach(worker => worker.Start());
            workers.ForEach(worker => worker.Join());
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            cpu = Environment.CpuUsage.TotalTime - cpu;
            if (keep)
            {
                _perSecond.Add(done.Sum() / seconds);
                _perCpuSecond.Add(done.Sum() / cpu.TotalSeconds);
                _bytes.Add(allocated.Sum() / (double)done.Sum());
            }

            void Work(int thread)
            {
                begin.SignalAndWait();
                var (own, at, count) = (Stopwatch.GetTimestamp(), 0, 0L);
                Volatile.Write(ref started, own);
                var before = GC.GetAllocatedBytesForCurrentThread();
                while (Stopwatch.GetElapsedTime(own) < length)
                {
                    for (var i = 0; i < 256; i++)
                    {
                        if (!acquire(thread, at++))
                        {
                            throw new InvalidOperationException("An acquisition that fits was refused.");
                        }
                    }

                    count += 256;
                }

                (done[thread * 16], allocated[thread * 16]) = (count, GC.GetAllocatedBytesForCurrentThread() - before);
            }
        }
    }
}
