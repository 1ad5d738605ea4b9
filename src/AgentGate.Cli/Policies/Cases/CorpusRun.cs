using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace AgentGate.Cli.Policies.Cases;

/// <summary>Runs a corpus line by line on several threads, so that memory does not grow with the file.</summary>
internal sealed class CorpusRun(Terminal terminal, CorpusTotals totals, int threads)
{
    private static readonly TimeSpan s_progress = TimeSpan.FromSeconds(5);

    private readonly Lock _reading = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private TimeSpan _told;
    private long _line;
    private UnusableInputException? _unusable;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_started);

    /// <summary>Runs a file; gzip is recognised by its first bytes.</summary>
    /// <exception cref="UnusableInputException">The file cannot be read, or a line is not a case.</exception>
    public void Run(string name)
    {
        try
        {
            using var stream = new BufferedStream(InputFile.Open(name, terminal), 1 << 16);
            using var reader = new StreamReader(Unpacked(stream), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() => Work(reader)) { IsBackground = true }).ToList();
            workers.ForEach(worker => worker.Start());
            workers.ForEach(worker => worker.Join());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new UnusableInputException($"{name} cannot be read: {exception.Message}");
        }

        if (_unusable is not null)
        {
            throw new UnusableInputException($"{name}: {_unusable.Message}");
        }
    }

    private static Stream Unpacked(BufferedStream stream)
    {
        // A pipe cannot be wound back, so the two bytes are put before the rest.
        Span<byte> magic = stackalloc byte[2];
        var read = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        var whole = new PrefixedStream(magic[..read].ToArray(), stream);
        return magic is [0x1f, 0x8b] ? new GZipStream(whole, CompressionMode.Decompress) : whole;
    }

    private void Work(StreamReader reader)
    {
        while (Next(reader) is (var number, { } line))
        {
            try
            {
                var test = PolicyCase.Parse(line, number);
                totals.Add(number, test.Id, test.Requests.Length, CaseRunner.Run(test));
            }
            catch (UnusableInputException exception)
            {
                _unusable ??= exception;
            }
        }
    }

    private (long Number, string? Line) Next(StreamReader reader)
    {
        lock (_reading)
        {
            if (Elapsed - _told > s_progress)
            {
                _told = Elapsed;
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {totals.Tests:N0} tests, {totals.Requests:N0} requests, {totals.New + totals.Known} disagreements in {Elapsed.TotalSeconds:F0} s"));
            }

            try
            {
                while (_unusable is null)
                {
                    var line = reader.ReadLine();
                    _line++;
                    if (line is null || !string.IsNullOrWhiteSpace(line))
                    {
                        return (_line, line);
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or InvalidDataException or DecoderFallbackException)
            {
                _unusable = new UnusableInputException($"after line {_line}: {exception.Message}");
            }

            return (_line, null);
        }
    }
}
