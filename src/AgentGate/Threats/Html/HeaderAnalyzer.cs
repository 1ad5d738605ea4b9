using System.Buffers;
using System.Collections.Frozen;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>
/// Reads a text as the rest of a header line of HTTP or mail: a line break that a field, a status line or a body follows
/// (RFC 9112, section 11.1). Texts of many lines are normal, and so are whole messages; a value that goes over into a
/// header is not.
/// </summary>
internal sealed class HeaderAnalyzer : IThreatAnalyzer
{
    /// <summary>Longest name of a field that is read.</summary>
    private const int NameMax = 48;

    private static readonly SearchValues<char> s_signs = SearchValues.Create("\r\n\u0085\u2028\u560a\u560d%\\");
    private static readonly SearchValues<char> s_breaksAndAt = SearchValues.Create("@\r\n\u0085\u2028\u560a\u560d");
    private static readonly SearchValues<char> s_breaks = SearchValues.Create("\r\n\u0085\u2028\u560a\u560d");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_response = new[]
    {
        "set-cookie", "set-cookie2", "location", "refresh", "content-length", "transfer-encoding", "content-type", "content-disposition", "content-encoding", "content-security-policy", "x-xss-protection",
        "access-control-allow-origin", "access-control-allow-credentials", "access-control-allow-headers", "link", "status", "x-frame-options", "strict-transport-security", "cache-control", "last-modified", "connection", "host", "x-forwarded-for", "x-forwarded-host", "cookie", "authorization", "proxy-authorization", "referer", "origin", "clear-site-data", "www-authenticate", "x-accel-redirect", "x-sendfile", "upgrade", "expect", "content-location", "p3p", "via", "etag", "vary", "age",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_mail = new[]
    {
        "to", "cc", "bcc", "from", "subject", "reply-to", "sender", "return-path", "mime-version", "content-type", "content-transfer-encoding", "x-mailer",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    public ThreatFamily Family => ThreatFamily.Header;

    public bool MayMatch(ReadOnlySpan<char> text) => text.ContainsAny(s_signs) && text.Contains(':');

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var value = text.Text;
        var first = value.IndexOfAny(s_breaks);
        if (first >= 0)
        {
            var head = value[..first];
            // A message begins with a field or a request; the fields that follow belong to it.
            var isMessage = IsField(head.TrimStart(), out _) || head.Contains("HTTP/", StringComparison.OrdinalIgnoreCase);
            Lines(text, first, isMessage, hits);
        }
        else
        {
            Spelled(text, hits);
        }
    }

    /// <summary>Line breaks as they stand.</summary>
    private static void Lines(in ThreatText text, int at, bool isMessage, ThreatHits hits)
    {
        var value = text.Text;
        var head = value[..at];
        var best = 0;
        var fields = 0;
        while (at < value.Length)
        {
            var lineStart = at + 1;
            var isWide = value[at] is '\u560a' or '\u560d';
            while (lineStart < value.Length && s_breaks.Contains(value[lineStart]))
            {
                lineStart++;
            }

            var isBlank = lineStart - at > 2;
            var line = value[lineStart..];
            var kind = Kind(line, text.IsDecoded);
            if (kind != HeaderKind.None)
            {
                fields++;
                var score = Score(text, kind, head, isMessage, isWide, isBlank, fields, value.Length);
                if (score > best)
                {
                    best = score;
                    hits.Add("header.split", ThreatFamily.Header, ThreatSeverity.Medium, at, Math.Min(line.Length + lineStart - at, 64), score);
                }
            }

            var next = line.IndexOfAny(s_breaks);
            if (next < 0 || fields > 8)
            {
                return;
            }

            at = lineStart + next;
        }
    }

    private static int Score(in ThreatText text, HeaderKind kind, ReadOnlySpan<char> head, bool isMessage, bool isWide, bool isBlank, int fields, int length)
    {
        var isChat = text.Context != ThreatContext.Argument;
        if (isMessage)
        {
            return 30;
        }

        if (isWide)
        {
            return isChat ? 78 : 80;
        }

        // Somebody wrote the break in an encoding: it was meant to pass as part of a value.
        var isHidden = text.IsDecoded && length < 2048;
        var isShortHead = head.Length <= 128 && head.Count(' ') <= 2;
        return kind switch
        {
            HeaderKind.Response => isHidden && isShortHead ? isChat ? 78 : 80 : !isChat && isShortHead && fields == 1 && length < 1024 ? 60 : 35,
            HeaderKind.Status => isHidden ? isChat ? 78 : 85 : !isChat && isShortHead ? 60 : 35,
            HeaderKind.Mail => isHidden && isShortHead ? isChat ? 55 : 65 : !isChat && isShortHead && head.Contains('@') && !head.Contains(' ') ? 60 : 20,
            HeaderKind.Markup => isBlank && isHidden && isShortHead ? isChat ? 60 : 65 : 0,
            HeaderKind.Field => isHidden && isShortHead && !isChat && fields == 1 ? 55 : 0,
            _ => 0,
        };
    }

    /// <summary>Line breaks spelled out: per cent signs (also doubled or cut), or the escapes of a string.</summary>
    private static void Spelled(in ThreatText text, ThreatHits hits)
    {
        var value = text.Text;
        var isChat = text.Context != ThreatContext.Argument;
        var at = 0;
        // How far the head was looked at: it grows with every break, and looking at all of it each time would cost its square.
        var judged = 0;
        var isMessage = false;
        while (value[at..].IndexOfAny('%', '\\') is var index and >= 0)
        {
            at += index;
            var length = Break(value[at..]);
            if (length == 0)
            {
                at++;
                continue;
            }

            var start = at;
            while (length > 0)
            {
                at += length;
                length = Break(value[at..]);
            }

            var head = value[..start];
            var kind = Kind(value[at..], value[start] == '%');
            isMessage |= IsField(head.TrimStart("\"' "), out _) || value[Math.Max(0, judged - 4)..start].Contains("HTTP/", StringComparison.OrdinalIgnoreCase);
            judged = start;
            var isEscape = value[start] == '\\';
            var isShort = head.Length <= 128 && head.Count(' ') <= 2;
            if (kind is HeaderKind.Response or HeaderKind.Status && !isMessage && isShort)
            {
                hits.Add("header.split", ThreatFamily.Header, ThreatSeverity.Medium, start, at - start, isEscape ? isChat ? 50 : 60 : isChat ? 78 : 80);
                return;
            }

            if (kind is HeaderKind.Field or HeaderKind.Mail && !isMessage && isShort && !isEscape && !isChat)
            {
                hits.Add("header.split", ThreatFamily.Header, ThreatSeverity.Medium, start, at - start, 55);
            }

            if (isMessage)
            {
                return;
            }
        }
    }

    /// <summary>The length of one spelled line break: <c>%0d</c>, <c>%250a</c>, <c>%%0a0a</c>, <c>%u000a</c>, <c>%E5%98%8A</c>, <c>\r</c>, <c>\n</c>.</summary>
    private static int Break(ReadOnlySpan<char> text)
    {
        if (text.Length < 2)
        {
            return 0;
        }

        if (text[0] == '\\')
        {
            return text[1] is 'r' or 'n' ? 2 : text.StartsWith("\\u000a", StringComparison.OrdinalIgnoreCase) || text.StartsWith("\\u000d", StringComparison.OrdinalIgnoreCase) ? 6
                : text.StartsWith("\\x0a", StringComparison.OrdinalIgnoreCase) || text.StartsWith("\\x0d", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
        }

        if (text[0] != '%')
        {
            return 0;
        }

        if (text.StartsWith("%E5%98%8", StringComparison.OrdinalIgnoreCase) && text.Length > 8)
        {
            return 9;
        }

        var skip = text.StartsWith("%u00", StringComparison.OrdinalIgnoreCase) ? 4 : 1;
        while (skip + 1 < text.Length && skip < 9 && text[skip] == '2' && text[skip + 1] == '5')
        {
            skip += 2;
        }

        skip += skip < text.Length && text[skip] == '%' ? 1 : 0;
        var isBreak = skip + 1 < text.Length && text[skip] == '0' && text[skip + 1] is 'd' or 'D' or 'a' or 'A';
        return !isBreak ? 0 : text[1..].StartsWith("%", StringComparison.Ordinal) && skip + 3 < text.Length && text[skip + 2] == '0' ? skip + 4 : skip + 2;
    }

    private static HeaderKind Kind(ReadOnlySpan<char> line, bool isEncoded)
    {
        line = line.TrimStart(" \t\r\n");
        if (line.StartsWith("HTTP/", StringComparison.OrdinalIgnoreCase) && line.Length > 8 && line[8] is ' ' or '%' or '+')
        {
            return HeaderKind.Status;
        }

        if (IsRequest(line))
        {
            return HeaderKind.Status;
        }

        if (line is ['<', ..])
        {
            return HeaderKind.Markup;
        }

        if (!IsField(line, out var name))
        {
            return HeaderKind.None;
        }

        // Names that are words too stand in lists of all kinds; in a header they have an address.
        var value = line[(name.Length + 1)..].TrimStart(" \t+");
        var isWord = name.IndexOf('-') < 0 && !name.Equals("refresh", StringComparison.OrdinalIgnoreCase);
        var isAddress = value.StartsWith("http", StringComparison.OrdinalIgnoreCase) || value is ['/', ..] || value.StartsWith("%2f", StringComparison.OrdinalIgnoreCase) || value.StartsWith("javascript", StringComparison.OrdinalIgnoreCase);
        return s_mail.Contains(name) && value.IndexOfAny(s_breaksAndAt) is var end and >= 0 && value[end] == '@' ? HeaderKind.Mail : isWord && !isAddress && !isEncoded ? HeaderKind.Field : s_response.Contains(name) || name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) ? HeaderKind.Response
            : s_mail.Contains(name) ? HeaderKind.Mail : HeaderKind.Field;
    }

    /// <summary>A request line: a second request behind the first.</summary>
    private static bool IsRequest(ReadOnlySpan<char> line)
    {
        var end = line[..Math.Min(line.Length, 8)].IndexOfAny(' ', '%', '+');
        if (end is < 3 or > 7 || line[..end].ContainsAnyExceptInRange('A', 'Z'))
        {
            return false;
        }

        return line[..Math.Min(line.Length, 256)].IndexOf("HTTP/", StringComparison.Ordinal) > end;
    }

    /// <summary>A token and a colon (RFC 9110, section 5.1).</summary>
    private static bool IsField(ReadOnlySpan<char> line, out ReadOnlySpan<char> name)
    {
        var reach = line[..Math.Min(line.Length, NameMax)];
        var colon = reach.IndexOf(':');
        name = colon > 0 ? reach[..colon] : default;
        if (colon <= 0 || !char.IsAsciiLetter(name[0]) || reach[colon..].StartsWith("://", StringComparison.Ordinal))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }

    private enum HeaderKind : byte
    {
        None,
        Response,
        Status,
        Mail,
        Markup,
        Field,
    }
}
