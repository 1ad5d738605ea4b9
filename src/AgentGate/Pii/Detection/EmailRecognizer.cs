using System.Buffers;

namespace AgentGate.Pii.Detection;

/// <summary>
/// E-mail addresses: the dot-atom and quoted local parts and the domains and address literals of RFC 5321 §4.1.2, with
/// letters of any script (RFC 6531). Found around each <c>@</c>; a name in a URL's user part is not one.
/// </summary>
internal static class EmailRecognizer
{
    private const int LocalMax = 64;
    private const int DomainMax = 255;
    private static readonly SearchValues<char> Joints = SearchValues.Create("=?&/|{}`");

    public static int Find(ref ScanPass pass, int at)
    {
        var text = pass.Text;
        if (at < pass.UserInfoEnd || !TryLocal(ref pass, at, out var start))
        {
            return at + 1;
        }

        var end = at + 1 < text.Length && text[at + 1] == '[' ? LiteralEnd(text, at + 1) : DomainEnd(ref pass, at + 1);
        if (end < 0 || IsShellRemote(text, start, at, end))
        {
            return at + 1;
        }

        pass.Add(PiiKind.Email, start, end, 0.9);
        return end;
    }

    private static bool TryLocal(ref ScanPass pass, int at, out int start)
    {
        var text = pass.Text;
        start = at;
        if (at > 1 && text[at - 1] == '"')
        {
            return TryQuoted(text, at, out start);
        }

        while (start > 0 && at - start <= LocalMax && (IsAtom(text[start - 1]) || text[start - 1] == '.'))
        {
            start--;
        }

        pass.Work += at - start;
        if (start == at || at - start > LocalMax || text[at - 1] == '.' || text[start..at].IndexOf("..") >= 0)
        {
            return false;
        }

        // "a@b@c.d" is no address; "a\@b@c.d" writes the first @ escaped.
        if (start > 0 && text[start - 1] == '@' && !(start > 1 && text[start - 2] == '\\'))
        {
            return false;
        }

        // The n of an escaped line break is not part of the name.
        if (start > 0 && text[start - 1] == '\\' && text[start] is 'n' or 'r' or 't' && at - start > 1)
        {
            start++;
        }

        // Legal in a name but, between a name and something else, nearly always the something else: "?to=a@b.c", "'a@b.c'".
        var cut = text[start..at].LastIndexOfAny(Joints);
        if (cut >= 0 && start + cut + 1 < at)
        {
            start += cut + 1;
        }

        while (at - start > 1 && text[start] is '\'' or '.' or '*' or '#' or '!')
        {
            start++;
        }

        return true;
    }

    private static bool TryQuoted(ReadOnlySpan<char> text, int at, out int start)
    {
        start = at - 2;
        while (start >= 0 && at - start <= LocalMax + 1)
        {
            if (text[start] == '"' && (start == 0 || text[start - 1] != '\\'))
            {
                return at - start > 2;
            }

            start--;
        }

        return false;
    }

    private static int DomainEnd(ref ScanPass pass, int from)
    {
        var text = pass.Text;
        var limit = Math.Min(text.Length, from + DomainMax);
        var label = from;
        var labels = 0;
        var end = from;
        var firstLabelEnd = from;
        while (end <= limit)
        {
            if (end < limit && IsDomain(text[end]))
            {
                end++;
                continue;
            }

            if (end == label || text[label] == '-' || text[end - 1] == '-')
            {
                break;
            }

            labels++;
            firstLabelEnd = labels == 1 ? end : firstLabelEnd;
            if (end + 1 < limit && text[end] == '.' && IsDomain(text[end + 1]))
            {
                label = ++end;
                continue;
            }

            break;
        }

        pass.Work += end - from;
        if (labels < 2 || end == label || text[end - 1] == '-' || !IsTopLevel(text[label..end]) || (end < text.Length && text[end] == '_'))
        {
            return -1;
        }

        return IsPixelDensity(text[from..firstLabelEnd]) ? -1 : end;
    }

    private static int LiteralEnd(ReadOnlySpan<char> text, int open)
    {
        var length = text[open..Math.Min(text.Length, open + 64)].IndexOf(']');
        if (length < 0)
        {
            return -1;
        }

        var literal = text[(open + 1)..(open + length)];
        var fits = literal.StartsWith("IPv6:", StringComparison.OrdinalIgnoreCase)
            ? Ipv6Recognizer.IsAddress(literal[5..], out _)
            : literal.Contains('.') && Ipv6Recognizer.IsDottedQuad(literal);
        return fits ? open + length + 1 : -1;
    }

    /// <summary>Top-level domains are letters of one or another script, at least two, or the ASCII form of such.</summary>
    private static bool IsTopLevel(ReadOnlySpan<char> label)
    {
        if (label.Length > 4 && label.StartsWith("xn--", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var c in label)
        {
            if (!char.IsLetter(c))
            {
                return false;
            }
        }

        return label.Length >= 2;
    }

    /// <summary>"icon@2x.png".</summary>
    private static bool IsPixelDensity(ReadOnlySpan<char> label) => label.Length == 2 && char.IsAsciiDigit(label[0]) && label[1] is 'x' or 'X';

    /// <summary>"git@host.example:path" is where a repository lies.</summary>
    private static bool IsShellRemote(ReadOnlySpan<char> text, int start, int at, int end) =>
        text[start..at] is "git" && end < text.Length && text[end] is ':' or '/';

    private static bool IsAtom(char c) =>
        char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~".Contains(c) || (c >= 0x80 && char.IsLetterOrDigit(c));

    private static bool IsDomain(char c) => char.IsAsciiLetterOrDigit(c) || c == '-' || (c >= 0x80 && char.IsLetterOrDigit(c));
}
