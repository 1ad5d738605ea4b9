using System.Diagnostics;
using System.Text.Json;
using AgentGate.Benchmarks.Reporting;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Takes chunks of inputs until none is left. What it does is read by a watchdog.</summary>
internal sealed class FuzzWorker(FuzzInputs inputs, ulong seed, Func<long> next, long end)
{
    /// <summary>Inputs of a chunk: many enough that a pause of the machine does not look like a slow input.</summary>
    public const int Chunk = 2048;

    /// <summary>The most processor time of a chunk per byte: some ten times the usual, and far below that of a reader that goes back for each character.</summary>
    public const int NsPerByteMax = 5_000;

    private long _began;

    /// <summary>The input in work.</summary>
    public long Current { get; private set; }

    /// <summary>What went wrong, or nothing.</summary>
    public string? Failure { get; private set; }

    public long Done { get; private set; }

    public long Characters { get; private set; }

    public long Hits { get; private set; }

    public ulong Digest { get; private set; }

    public bool IsFinished { get; private set; }

    /// <summary>Processor nanoseconds per byte (one character counts as two) of the slowest chunk, and its first input.</summary>
    public (double NsPerByte, long First) Slowest { get; private set; }

    /// <summary>How long the chunk in work has taken.</summary>
    public TimeSpan InChunk => Volatile.Read(ref _began) is var began && (began == 0 || IsFinished) ? TimeSpan.Zero : Stopwatch.GetElapsedTime(began);

    public void Run()
    {
        var check = new FuzzCheck();
        var texts = new string[Chunk];
        try
        {
            for (var first = next(); first < end && Failure is null; first = next())
            {
                var count = (int)Math.Min(Chunk, end - first);
                var characters = 0L;
                for (var i = 0; i < count; i++)
                {
                    texts[i] = inputs.Make(seed, first + i);
                    characters += texts[i].Length;
                }

                Volatile.Write(ref _began, Stopwatch.GetTimestamp());
                var cpu = ThreadCpu.Now;
                for (var i = 0; i < count && Failure is null; i++)
                {
                    Current = first + i;
                    Failure = check.Check(texts[i], Current) is { } wrong ? $"input {Current}: {wrong}\n  {JsonSerializer.Serialize(texts[i])}" : null;
                }

                var perByte = (ThreadCpu.Now - cpu).TotalNanoseconds / Math.Max(1, characters * 2);
                Slowest = perByte > Slowest.NsPerByte && Done > 0 ? (perByte, first) : Slowest;
                Done += count;
                Characters += characters;
                Hits = check.Hits;
                Digest = check.Digest;
                if (Done > count && perByte > NsPerByteMax)
                {
                    Failure ??= $"inputs {first} to {first + count - 1} took {perByte:F0} ns of processor time per byte, more than {NsPerByteMax}";
                }
            }
        }
#pragma warning disable CA1031 // Whatever is thrown is the finding this program exists for.
        catch (Exception thrown)
        {
            Failure = $"input {Current}: {thrown}\n  {JsonSerializer.Serialize(inputs.Make(seed, Current))}";
        }
#pragma warning restore CA1031
        finally
        {
            IsFinished = true;
        }
    }
}
