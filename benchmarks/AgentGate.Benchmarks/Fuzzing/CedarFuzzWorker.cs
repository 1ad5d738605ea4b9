using System.Diagnostics;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Takes chunks of inputs until none is left. What it does is read by a watchdog.</summary>
internal sealed class CedarFuzzWorker(CedarFuzzInputs inputs, ulong seed, Func<long> next, long end)
{
    /// <summary>Inputs of a chunk.</summary>
    public const int Chunk = 1024;

    /// <summary>The most processor time of one input per byte, for inputs that take long enough to be timed.</summary>
    public const int NsPerByteMax = 100_000;

    private static readonly TimeSpan s_timed = TimeSpan.FromMilliseconds(250);
    private long _began;

    public CedarFuzzCheck Check { get; } = new();

    public long Current { get; private set; }

    public string? Failure { get; private set; }

    public long Done { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>The input with the most processor time per byte among those of some length.</summary>
    public (double NsPerByte, long Input) Slowest { get; private set; }

    /// <summary>How long the input in work has taken.</summary>
    public TimeSpan InInput => Volatile.Read(ref _began) is > 0 and var began ? Stopwatch.GetElapsedTime(began) : TimeSpan.Zero;

    public void Run()
    {
        try
        {
            for (var first = next(); first < end && Failure is null; first = next())
            {
                var count = Math.Min(Chunk, end - first);
                for (var number = first; number < first + count && Failure is null; number++)
                {
                    One(number);
                }
            }
        }
#pragma warning disable CA1031 // Whatever is thrown is the finding this program exists for.
        catch (Exception thrown)
        {
            Failure = $"input {Current}: {thrown}";
        }
#pragma warning restore CA1031
        finally
        {
            Volatile.Write(ref _began, 0);
        }
    }

    private void One(long number)
    {
        Current = number;
        var (kind, data) = inputs.Make(seed, number);
        Volatile.Write(ref _began, Stopwatch.GetTimestamp());
        var cpu = ThreadCpu.Now;
        Failure = Check.Check(kind, data, number) is { } wrong ? $"input {number} ({kind}): {wrong}" : null;
        var taken = ThreadCpu.Now - cpu;
        Volatile.Write(ref _began, 0);
        Done++;
        Bytes += data.Length;
        if (data.Length >= 64 && Done > Chunk)
        {
            var perByte = taken.TotalNanoseconds / data.Length;
            Slowest = perByte > Slowest.NsPerByte ? (perByte, number) : Slowest;
            if (taken > s_timed && perByte > NsPerByteMax)
            {
                Failure ??= $"input {number} ({kind}) took {perByte:F0} ns of processor time per byte, more than {NsPerByteMax}";
            }
        }
    }
}
