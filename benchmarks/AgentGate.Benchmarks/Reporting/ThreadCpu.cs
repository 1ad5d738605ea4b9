using System.Runtime.InteropServices;

namespace AgentGate.Benchmarks.Reporting;

/// <summary>Processor time of the thread that asks, so that what else runs on the machine does not count. Linux (clock_gettime, POSIX.1-2008).</summary>
internal static partial class ThreadCpu
{
    private const int ThreadClock = 3;

    /// <summary>Time since the thread began; elsewhere than on Linux that of the process.</summary>
    public static TimeSpan Now
        => OperatingSystem.IsLinux() && Get(ThreadClock, out var time) == 0
            ? TimeSpan.FromTicks((time.Seconds * TimeSpan.TicksPerSecond) + (time.Nanoseconds / 100))
            : Environment.CpuUsage.TotalTime;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Get(int clock, out Time time);

    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
