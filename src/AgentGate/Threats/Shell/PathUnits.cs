namespace AgentGate.Threats.Shell;

/// <summary>
/// Reads dots and separators in the encodings that servers have been seen to decode: percent, doubled to any depth,
/// nibble by nibble (<c>%%32%65</c>), <c>%uXXXX</c>, overlong UTF-8 (which RFC 3629, section 3, forbids and lenient
/// decoders accept), <c>0x2e</c>, and look-alikes of Unicode. Every call looks at a bounded number of characters.
/// </summary>
internal static class PathUnits
{
    private const int EscapeDepthMax = 8;

    /// <summary>Reads the unit at <paramref name="at"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">Where the unit begins.</param>
    /// <param name="length">How many characters it takes; at least one.</param>
    /// <param name="value">The character it stands for, where it stands for one of ASCII.</param>
    /// <param name="isEncoded">Whether it is written in an encoding.</param>
    public static PathUnit Read(ReadOnlySpan<char> text, int at, out int length, out char value, out bool isEncoded)
    {
        var c = text[at];
        length = 1;
        value = c;
        isEncoded = false;
        switch (c)
        {
            case '.':
                return PathUnit.Dot;
            case '/' or '\\':
                value = '/';
                return PathUnit.Slash;
            case '\0':
                return PathUnit.Nul;
            case '%' when at + 2 < text.Length:
                return ReadPercent(text, at, ref length, ref value, out isEncoded);
            case '0' when at + 3 < text.Length && text[at + 1] is 'x' or 'X':
                var code = Byte(text[at + 2], text[at + 3]);
                if (code is 0x2e or 0x2f or 0x5c)
                {
                    length = 4;
                    isEncoded = true;
                    return Classify(code, ref value);
                }

                return PathUnit.Other;
            default:
                var unit = c < 0x80 ? PathUnit.Other : Classify(c, ref value);
                isEncoded = unit != PathUnit.Other;
                return unit;
        }
    }

    private static PathUnit ReadPercent(ReadOnlySpan<char> text, int at, ref int length, ref char value, out bool isEncoded)
    {
        isEncoded = false;
        var next = SkipEscapes(text, at + 1);
        if (next < text.Length && text[next] == '%')
        {
            // One escape inside another: the nibbles of the outer one are escaped themselves.
            var at2 = next;
            var high = Nibble(text, ref at2);
            var low = high < 0 ? -1 : Nibble(text, ref at2);
            if (low < 0)
            {
                return PathUnit.Other;
            }

            length = at2 - at;
            isEncoded = true;
            return Classify((high << 4) | low, ref value);
        }

        if (next < text.Length && text[next] is 'u' or 'U' && next + 4 < text.Length)
        {
            var high = Byte(text[next + 1], text[next + 2]);
            var low = Byte(text[next + 3], text[next + 4]);
            if (high < 0 || low < 0)
            {
                return PathUnit.Other;
            }

            length = next + 5 - at;
            isEncoded = true;
            return Classify((high << 8) | low, ref value);
        }

        if (next + 1 >= text.Length)
        {
            return PathUnit.Other;
        }

        var lead = Byte(text[next], text[next + 1]);
        length = next + 2 - at;
        isEncoded = true;
        if (lead < 0)
        {
            if (!char.IsAsciiLetterOrDigit(text[next]) || !char.IsAsciiLetterOrDigit(text[next + 1]))
            {
                length = 1;
                isEncoded = false;
                return PathUnit.Other;
            }

            return PathUnit.Broken;
        }

        return lead switch
        {
            0xc0 or 0xc1 => ReadOverlong(text, at, lead, ref length, ref value),
            0xe0 or 0xf0 or 0xf8 or 0xfc => ReadLongForm(text, at, lead, ref length, ref value),
            _ => Classify(lead, ref value),
        };
    }

    private static PathUnit ReadOverlong(ReadOnlySpan<char> text, int at, int lead, ref int length, ref char value)
    {
        var next = at + length;
        if (next >= text.Length)
        {
            return PathUnit.Other;
        }

        if (text[next] == '.')
        {
            length++;
            value = '.';
            return PathUnit.Dot;
        }

        if (text[next] != '%')
        {
            return PathUnit.Other;
        }

        var digits = SkipEscapes(text, next + 1);
        if (digits + 1 >= text.Length)
        {
            return PathUnit.Other;
        }

        var trail = Byte(text[digits], text[digits + 1]);
        length = digits + 2 - at;
        if (trail < 0)
        {
            return PathUnit.Broken;
        }

        var code = ((lead & 1) << 6) | (trail & 0x3f);
        value = '.';
        return code is 0x2f or 0x5c || trail is 0x2f or 0x5c or 0xaf or 0x9c ? Classify(0x2f, ref value) : PathUnit.Dot;
    }

    private static PathUnit ReadLongForm(ReadOnlySpan<char> text, int at, int lead, ref int length, ref char value)
    {
        var count = lead switch { 0xe0 => 1, 0xf0 => 2, 0xf8 => 3, _ => 4 };
        var next = at + length;
        var trail = -1;
        for (var i = 0; i <= count; i++)
        {
            if (next >= text.Length || text[next] != '%')
            {
                return PathUnit.Other;
            }

            var digits = SkipEscapes(text, next + 1);
            trail = digits + 1 < text.Length ? Byte(text[digits], text[digits + 1]) : -1;
            if (trail < 0 || (i < count && trail is not (0x80 or 0x81)))
            {
                return PathUnit.Other;
            }

            next = digits + 2;
        }

        length = next - at;
        var code = trail & 0x3f;
        return Classify(code == 0x1c ? 0x5c : code, ref value);
    }

    private static PathUnit Classify(int code, ref char value)
    {
        switch (code)
        {
            case 0:
                return PathUnit.Nul;
            case 0x2e or 0xff0e or 0x2024 or 0xfe52:
                value = '.';
                return PathUnit.Dot;
            case 0x2f or 0x5c or 0x2215 or 0x2216 or 0xff0f or 0xff3c or 0x2044 or 0x29f8 or 0x29f5 or 0xefc8 or 0xf025:
                value = '/';
                return PathUnit.Slash;
            default:
                value = code < 0x80 ? (char)code : '?';
                return PathUnit.Other;
        }
    }

    private static int SkipEscapes(ReadOnlySpan<char> text, int at)
    {
        for (var i = 0; i < EscapeDepthMax && at + 1 < text.Length && text[at] == '2' && text[at + 1] == '5'; i++)
        {
            // "%25" alone is an escaped percent sign and not the start of another escape.
            if (at + 3 >= text.Length)
            {
                break;
            }

            at += 2;
        }

        return at;
    }

    private static int Nibble(ReadOnlySpan<char> text, ref int at)
    {
        for (var i = 0; i < 3 && at < text.Length && text[at] == '%'; i++)
        {
            at++;
        }

        if (at >= text.Length)
        {
            return -1;
        }

        if (text[at - 1] == '%' && at + 1 < text.Length && text[at] is '3' or '4' or '6' && Hex(text[at + 1]) >= 0)
        {
            var code = Byte(text[at], text[at + 1]);
            at += 2;
            return Hex((char)code);
        }

        return Hex(text[at++]);
    }

    private static int Byte(char high, char low)
    {
        var h = Hex(high);
        var l = Hex(low);
        return h < 0 || l < 0 ? -1 : (h << 4) | l;
    }

    private static int Hex(char c) => char.IsAsciiHexDigit(c) ? (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10) : -1;
}
