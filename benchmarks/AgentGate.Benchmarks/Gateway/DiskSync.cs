using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>What one fsync costs on the disk that holds the logs: <c>commit</c> reads as <c>write</c> plus this.</summary>
internal static class DiskSync
{
    /// <summary>The median time, in milliseconds, of writing four kilobytes over a part of a file and bringing them to the disk.</summary>
    public static double Measure(string folder, int count = 60)
    {
        var path = Path.Combine(folder, "fsync.probe");
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, options: FileOptions.DeleteOnClose);
        var block = new byte[4096];
        RandomAccess.Write(file, new byte[count * block.Length], 0);
        RandomAccess.FlushToDisk(file);
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            RandomAccess.Write(file, block, (long)i * block.Length);
            var started = Stopwatch.GetTimestamp();
            RandomAccess.FlushToDisk(file);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Samples.Median(times);
    }
}
