using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Server.Audit;

/// <summary>
/// Writes an export entry by entry, so that its size costs no memory. JSON and JSONL carry the canonical bytes and the chain
/// value of each entry: with the key, an export can be verified like the log itself.
/// </summary>
internal sealed class AuditExport(string format)
{
    /// <summary>The formats there are.</summary>
    public static IReadOnlyCollection<string> Formats { get; } = ["csv", "json", "jsonl"];

    public string ContentType => format switch
    {
        "csv" => "text/csv; charset=utf-8",
        "json" => "application/json; charset=utf-8",
        _ => "application/x-ndjson; charset=utf-8",
    };

    public async Task WriteAsync(PipeWriter output, IAsyncEnumerable<StoredEntry> entries, CancellationToken cancellationToken)
    {
        Write(output, format switch
        {
            "csv" => AuditCsv.Header,
            "json" => "[",
            _ => string.Empty,
        });
        var first = true;
        await foreach (var entry in entries.WithCancellation(cancellationToken))
        {
            WriteEntry(output, entry, first);
            first = false;
            if (output.UnflushedBytes > 64 * 1024)
            {
                await output.FlushAsync(cancellationToken);
            }
        }

        Write(output, format == "json" ? "]\n" : string.Empty);
        await output.FlushAsync(cancellationToken);
    }

    private static LogEntry? TryParse(StoredEntry stored)
    {
        try
        {
            return LogEntryParser.Parse(stored.Canonical.Span);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static void Write(PipeWriter output, string text) => Encoding.UTF8.GetBytes(text, output);

    private void WriteEntry(PipeWriter output, StoredEntry stored, bool first)
    {
        // A spoiled entry is exported as such: left out, it would look as if nothing had happened.
        var parsed = TryParse(stored);
        if (format == "csv")
        {
            Write(output, parsed is null
                ? string.Create(CultureInfo.InvariantCulture, $"{stored.Seq},,unreadable{new string(',', 21)}\r\n")
                : AuditCsv.Line(parsed, stored.Hash.Span));
            return;
        }

        Write(output, first || format == "jsonl" ? "{" : ",\n{");
        if (parsed is null)
        {
            Write(output, string.Create(CultureInfo.InvariantCulture, $"\"unreadable\":{stored.Seq}"));
        }
        else
        {
            Write(output, "\"entry\":");
            output.Write(stored.Canonical.Span);
        }

        Write(output, $",\"hash\":\"{Convert.ToHexStringLower(stored.Hash.Span)}\"}}{(format == "jsonl" ? "\n" : string.Empty)}");
    }
}
