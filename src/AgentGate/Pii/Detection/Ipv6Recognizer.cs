namespace AgentGate.Pii.Detection;

/// <summary>IPv6 addresses in all text forms of RFC 4291 §2.2 with an optional zone (RFC 4007 §11), and colon-separated MAC addresses.</summary>
internal static class Ipv6Recognizer
{
    private const int Longest = 45;

    /// <summary>Looks at the run of hexadecimal digits and colons around a colon.</summary>
    public static void Find(ref ScanPass pass, int colon)
    {
        var text = pass.Text;
        if (colon < pass.HexRunEnd || colon + 1 >= text.Length || !IsHexOrColon(text[colon + 1]))
        {
            return;
        }

        var start = colon;
        while (start > pass.HexRunEnd && IsHexOrColon(text[start - 1]))
        {
            start--;
        }

        var end = colon + 1;
        var colons = 1;
        while (end < text.Length && (IsHexOrColon(text[end]) || (text[end] == '.' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
        {
            colons += text[end] == ':' ? 1 : 0;
            end++;
        }

        pass.Work += end - start;
        pass.HexRunEnd = end;
        if (colons > 1)
        {
            Judge(ref pass, start, end);
        }
    }

    /// <summary>Whether the whole text is an address; <paramref name="digits"/> counts its hexadecimal digits.</summary>
    public static bool IsAddress(ReadOnlySpan<char> text, out int digits)
    {
        digits = 0;
        var groups = 0;
        var gap = false;
        var i = 0;
        while (i < text.Length)
        {
            if (text[i] == ':')
            {
                if (i + 1 < text.Length && text[i + 1] == ':')
                {
                    if (gap)
                    {
                        return false;
                    }

                    gap = true;
                    i += 2;
                    continue;
                }

                if (i == 0 || i + 1 == text.Length || text[i - 1] == ':')
                {
                    return false;
                }

                i++;
                continue;
            }

            var length = text[i..].IndexOfAny(':', '.');
            length = length < 0 ? text.Length - i : length;
            if (i + length < text.Length && text[i + length] == '.')
            {
                if (!IsDottedQuad(text[i..]))
                {
                    return false;
                }

                digits += text.Length - i - 3;
                groups += 2;
                break;
            }

            if (length > 4)
            {
                return false;
            }

            digits += length;
            groups++;
            i += length;
        }

        return gap ? groups <= 7 : groups == 8;
    }

    /// <summary>Whether the whole text is four octets.</summary>
    public static bool IsDottedQuad(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < 4; i++)
        {
            var length = text.IndexOf('.');
            var octet = i < 3 ? (length < 0 ? default : text[..length]) : text;
            if (octet.IsEmpty || octet.ContainsAnyExceptInRange('0', '9') || !Ipv4Recognizer.IsOctet(octet))
            {
                return false;
            }

            text = i < 3 ? text[(length + 1)..] : text;
        }

        return true;
    }

    private static void Judge(ref ScanPass pass, int start, int end)
    {
        var text = pass.Text;
        if (end - start > Longest)
        {
            return;
        }

        // "addr:2001:db8::1" and "2001:db8::1:": one colon at an edge is punctuation.
        if (text[start] == ':' && text[start + 1] != ':')
        {
            start++;
        }
        else if (!pass.StartsValue(start))
        {
            return;
        }

        if (end - start > 2 && text[end - 1] == ':' && text[end - 2] != ':')
        {
            end--;
        }

        if (!pass.EndsValue(end) || end - start < 2)
        {
            return;
        }

        if (MacRecognizer.Find(ref pass, start, end) || !IsAddress(text[start..end], out var digits))
        {
            return;
        }

        var zone = ZoneEnd(text, end);
        var compressed = text[start..end].IndexOf("::") >= 0;
        pass.Add(PiiKind.IpAddress, start, zone, compressed ? CompressedScore(ref pass, start, end, digits) : 0.88);
    }

    private static double CompressedScore(ref ScanPass pass, int start, int end, int digits)
    {
        var text = pass.Text;
        if (end + 1 < text.Length && text[end] == '/' && char.IsAsciiDigit(text[end + 1]))
        {
            return 0.88;
        }

        // "add::bad" is a scope in a program; an address without a single decimal digit is rare. "[::2]" is a slice.
        if (!text[start..end].ContainsAnyInRange('0', '9'))
        {
            return 0.2;
        }

        return digits >= 4 ? 0.88 : (pass.CuesBefore(start, 24) & Cue.Ip) != 0 ? 0.75 : 0.3;
    }

    private static int ZoneEnd(ReadOnlySpan<char> text, int end)
    {
        if (end >= text.Length || text[end] != '%')
        {
            return end;
        }

        var zone = end + 1;
        while (zone < text.Length && zone < end + 17 && char.IsAsciiLetterOrDigit(text[zone]))
        {
            zone++;
        }

        return zone > end + 1 ? zone : end;
    }

    private static bool IsHexOrColon(char c) => char.IsAsciiHexDigit(c) || c == ':';
}
