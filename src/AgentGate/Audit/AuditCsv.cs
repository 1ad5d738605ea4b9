using System.Buffers;
using System.Globalization;
using System.Text;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Log entries as CSV (RFC 4180) that a spreadsheet cannot take for formulas. Pure.</summary>
internal static class AuditCsv
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n;");

    /// <summary>The first line, with its line end.</summary>
    public static string Header { get; } =
        "seq,at,kind,call_id,parent_call_id,door,principal,action,resource_type,resource_id,decision,code,outcome,"
        + "input_tokens,output_tokens,count,detail,durability,content_digest,transport_digest,response_digest,id,key_id,hash\r\n";

    /// <summary>One entry, with its line end.</summary>
    public static string Line(LogEntry entry, ReadOnlySpan<byte> hash)
    {
        var body = entry.Body;
        string?[] cells =
        [
            Number(entry.Seq),
            body.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            LogEntryWords.Of(body.Kind),
            body.CallId,
            body.ParentCallId,
            body.Door,
            body.Principal,
            body.Action,
            body.Resource?.Type,
            body.Resource?.Id,
            LogEntryWords.Of(body.Decision),
            body.Code,
            LogEntryWords.Of(body.Outcome),
            Number(body.Usage?.InputTokens),
            Number(body.Usage?.OutputTokens),
            Number(body.Count),
            body.Detail,
            body.Durability,
            body.ContentDigest,
            body.TransportDigest,
            body.ResponseDigest,
            body.Id,
            entry.KeyId,
            Convert.ToHexStringLower(hash),
        ];
        var line = new StringBuilder();
        foreach (var cell in cells)
        {
            line.Append(line.Length == 0 ? string.Empty : ",").Append(Cell(cell));
        }

        return line.Append("\r\n").ToString();
    }

    /// <summary>
    /// One cell. A text that starts like a formula (=, +, -, @, tab, carriage return; OWASP "CSV Injection") gets an
    /// apostrophe in front, which a spreadsheet shows as text.
    /// </summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return string.Empty;
        }

        var guarded = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + text : text;
        return guarded.AsSpan().ContainsAny(Quoted)
            ? "\"" + guarded.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
            : guarded;
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
