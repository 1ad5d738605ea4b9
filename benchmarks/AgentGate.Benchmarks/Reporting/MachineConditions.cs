using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentGate.Benchmarks.Reporting;

/// <summary>On what the figures were taken. A busy machine is named, not hidden.</summary>
internal sealed record MachineConditions(
    DateTimeOffset At, int Cores, string System, string Runtime, double? LoadBefore, double? LoadAfter)
{
    public static MachineConditions Now() => new(
        DateTimeOffset.UtcNow, Environment.ProcessorCount, RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription, Load(), null);

    public MachineConditions Finished() => this with { LoadAfter = Load() };

    public string ToText()
    {
        var load = LoadBefore is { } before
            ? string.Create(CultureInfo.InvariantCulture, $"load average {before:F1} before, {LoadAfter:F1} after")
            : "load average unknown";
        var busy = LoadBefore > 0.5 * Cores
            ? "\nNOT A QUIET MACHINE: other processes ran meanwhile. Read the ratios and the spread of the rounds, not the absolute figures."
            : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd HH:mm} UTC, {Cores} cores, {System}, {Runtime}, Release, {load}.{busy}");
    }

    private static double? Load()
        => File.Exists("/proc/loadavg")
            && double.TryParse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture, out var load)
            ? load
            : null;
}
