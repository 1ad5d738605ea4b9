using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentGate.Threats.Injection;

/// <summary>
/// Text inside text: base64, hexadecimal and escaped characters, decoded once. What does not decode to readable text is
/// nothing. One pass; what is decoded is never longer than what was encoded.
/// </summary>
internal static class EncodedRuns
{
    /// <summary>The shortest text in which there can be anything.</summary>
    public const int ShortestRun = 20;

    /// <summary>The shortest base64 run, in characters: 18 bytes, three words.</summary>
    private const int Base64Min = 24;

    /// <summary>The fewest hexadecimal pairs or escapes that are taken for a text.</summary>
    private const int PairsMin = 10;

    private static readonly SearchValues<char> s_escapes = SearchValues.Create("%\\&");
    private static readonly SearchValues<char> s_base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

    /// <summary>Adds what the text holds in an encoding, one entry a run.</summary>
    public static void Decode(ReadOnlySpan<char> text, List<string> decoded)
    {
        DecodeRuns(text, decoded);
        DecodePairs(text, decoded);
        DecodeEscapes(text, decoded);
    }

    private static void DecodeRuns(ReadOnlySpan<char> text, List<string> decoded)
    {
        for (var at = 0; at < text.Length;)
        {
            var start = text[at..].IndexOfAny(s_base64);
            if (start < 0)
            {
                return;
            }

            start += at;
            var length = text[start..].IndexOfAnyExcept(s_base64);
            length = length < 0 ? text.Length - start : length;
            if (length >= Base64Min)
            {
                AddBase64(text.Slice(start, length), decoded);
            }

            at = start + length;
        }
    }

    private static void AddBase64(ReadOnlySpan<char> run, List<string> decoded)
    {
        if (run.Length >= 2 * PairsMin && run.Length % 2 == 0 && IsHex(run))
        {
            AddIfReadable(Convert.FromHexString(run), decoded);
            return;
        }

        var length = run.Length - (run.Length % 4 == 1 ? 1 : 0);
        var padded = ArrayPool<char>.Shared.Rent(length + 3);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            run[..length].CopyTo(padded);
            var span = padded.AsSpan(0, length);
            span.Replace('-', '+');
            span.Replace('_', '/');
            var whole = length;
            while (whole % 4 != 0)
            {
                padded[whole++] = '=';
            }

            if (Convert.TryFromBase64Chars(padded.AsSpan(0, whole), bytes, out var written))
            {
                AddIfReadable(bytes.AsSpan(0, written), decoded);
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(padded);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Pairs of hexadecimal digits that stand apart: <c>69 67 6e</c>, <c>69:67:6e</c>.</summary>
    private static void DecodePairs(ReadOnlySpan<char> text, List<string> decoded)
    {
        for (var at = 0; at < text.Length;)
        {
            var (start, count) = (at, 0);
            while (IsPair(text, at))
            {
                count++;
                at += 3;
            }

            if (count >= PairsMin)
            {
                var bytes = new byte[count];
                for (var pair = 0; pair < count; pair++)
                {
                    bytes[pair] = byte.Parse(text.Slice(start + (3 * pair), 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                }

                AddIfReadable(bytes, decoded);
            }

            // On to the next word; a pair ends with what stands between, so nothing is looked at twice.
            while (at < text.Length && char.IsAsciiLetterOrDigit(text[at]))
            {
                at++;
            }

            at++;
        }
    }

    private static bool IsPair(ReadOnlySpan<char> text, int at)
        => at + 1 < text.Length && char.IsAsciiHexDigit(text[at]) && char.IsAsciiHexDigit(text[at + 1])
            && (at + 2 == text.Length || text[at + 2] is ' ' or ':' or ',' or '-' or '\n');

    /// <summary><c>%69</c>, <c>\x69</c>, <c>\u0069</c>, <c>&amp;#105;</c>, <c>&amp;#x69;</c>: the whole text with its escapes undone.</summary>
    private static void DecodeEscapes(ReadOnlySpan<char> text, List<string> decoded)
    {
        if (text.IndexOfAny(s_escapes) < 0)
        {
            return;
        }

        StringBuilder? built = null;
        var escapes = 0;
        var from = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('%' or '\\' or '&'))
            {
                continue;
            }

            var (length, character) = ReadEscape(text[at..]);
            if (length == 0)
            {
                continue;
            }

            built ??= new StringBuilder(text.Length);
            built.Append(text[from..at]).Append(character);
            escapes++;
            at += length - 1;
            from = at + 1;
        }

        if (built is not null && escapes >= PairsMin)
        {
            decoded.Add(built.Append(text[from..]).ToString());
        }
    }

    private static (int Length, char Character) ReadEscape(ReadOnlySpan<char> text)
    {
        var (skip, digits, isHex) = text switch
        {
            ['%', _, _, ..] => (1, 2, true),
            ['\\', 'x', _, _, ..] => (2, 2, true),
            ['\\', 'u', _, _, _, _, ..] => (2, 4, true),
            ['&', '#', 'x' or 'X', ..] => (3, 0, true),
            ['&', '#', ..] => (2, 0, false),
            _ => (0, 0, false),
        };
        if (skip == 0)
        {
            return default;
        }

        var end = skip;
        var max = digits == 0 ? 6 : digits;
        while (end < text.Length && end - skip < max && (isHex ? char.IsAsciiHexDigit(text[end]) : char.IsAsciiDigit(text[end])))
        {
            end++;
        }

        if (end == skip || (digits > 0 && end - skip != digits)
            || !int.TryParse(text[skip..end], isHex ? NumberStyles.HexNumber : NumberStyles.None, CultureInfo.InvariantCulture, out var point)
            || point is 0 or > 0xD7FF)
        {
            return default;
        }

        return (digits == 0 && end < text.Length && text[end] == ';' ? end + 1 : end, (char)point);
    }

    private static bool IsHex(ReadOnlySpan<char> run)
    {
        foreach (var character in run)
        {
            if (!char.IsAsciiHexDigit(character))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Keeps bytes that are UTF-8 text: no controls, letters for the most part, more than one word.</summary>
    private static void AddIfReadable(ReadOnlySpan<byte> bytes, List<string> decoded)
    {
        var (letters, spaces) = (0, 0);
        foreach (var value in bytes)
        {
            if (value < 0x20 && value is not (9 or 10 or 13))
            {
                return;
            }

            letters += value >= 0x80 || char.IsAsciiLetter((char)value) ? 1 : 0;
            spaces += value is (byte)' ' or (byte)'\n' ? 1 : 0;
        }

        if (spaces > 0 && letters * 10 >= bytes.Length * 7 && System.Text.Unicode.Utf8.IsValid(bytes))
        {
            decoded.Add(Encoding.UTF8.GetString(bytes));
        }
    }
}
