using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>A closed loop: each connection sends its next request when it has its answer. One thread per connection.</summary>
internal static class LoadGenerator
{
    public static LoadResult Run(int port, byte[] request, int connections, TimeSpan duration)
    {
        var times = Enumerable.Range(0, connections).Select(_ => new List<long>(1 << 16)).ToArray();
        using var start = new ManualResetEventSlim();
        Exception? failure = null;
        var until = long.MaxValue;
        var threads = times.Select(list => new Thread(() =>
        {
            try
            {
                using var connection = new LoadConnection(port);
                start.Wait();
                for (var now = Stopwatch.GetTimestamp(); now < Interlocked.Read(ref until);)
                {
                    connection.Exchange(request);
                    var done = Stopwatch.GetTimestamp();
                    list.Add(done - now);
                    now = done;
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref failure, exception, null);
            }
        }) { IsBackground = true }).ToList();
        threads.ForEach(thread => thread.Start());
        var began = Stopwatch.GetTimestamp();
        Interlocked.Exchange(ref until, began + (long)(duration.TotalSeconds * Stopwatch.Frequency));
        start.Set();
        threads.ForEach(thread => thread.Join());
        var elapsed = Stopwatch.GetElapsedTime(began);
        if (failure is not null)
        {
            throw new InvalidOperationException($"The server at port {port} failed under load: {failure.Message}", failure);
        }

        var all = times.SelectMany(list => list).ToList();
        all.Sort();
        return new LoadResult(
            Milliseconds(Samples.Percentile(all, 0.50)), Milliseconds(Samples.Percentile(all, 0.99)), all.Count / elapsed.TotalSeconds, all.Count);
    }

    private static double Milliseconds(long ticks) => ticks * 1000.0 / Stopwatch.Frequency;
}
