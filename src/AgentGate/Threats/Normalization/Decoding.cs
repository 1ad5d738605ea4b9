using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentGate.Threats.Normalization;

/// <summary>
/// Takes one layer of encoding off a text: percent-encoding (also <c>%uXXXX</c>, overlong UTF-8, and <c>+</c> for a space),
/// character references of HTML, escapes of JavaScript, JSON and C. One pass; what is not an encoding stays as it is; the
/// result is never longer.
/// </summary>
internal static class Decoding
{
    private static readonly SearchValues<char> Signs = SearchValues.Create("%&\\");
    private static readonly SearchValues<char> SignsAndPlus = SearchValues.Create("%&\\+");
    private static readonly SearchValues<char> Alphanumeric = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>A vectorised look: without one of these there is nothing to decode.</summary>
    public static bool MayBeNeeded(ReadOnlySpan<char> text)
        => text.ContainsAny(Signs) || HasPlusForSpace(text);

    /// <summary>Adds the reading with one layer taken off.</summary>
    /// <returns>What was taken off, and whether it hid something.</returns>
    public static (TextLayers Layers, bool IsHiding) Decode(in TextReading reading, ref ReadingBuffer buffer)
    {
        var text = reading.Text;
        var layers = TextLayers.None;
        var isHiding = false;
        var isPlusSpace = HasPlusForSpace(text);
        var done = 0;
        for (var at = Next(text, 0, isPlusSpace); at < text.Length;)
        {
            var (length, c, layer, hides) = text[at] switch
            {
                '%' => Percent(text[at..]),
                '&' => Entity(text[at..]),
                '\\' => Escape(text[at..]),
                _ => new Piece(1, ' ', TextLayers.Percent, IsHiding: false),
            };
            if (length == 0)
            {
                at = Next(text, at + 1, isPlusSpace);
                continue;
            }

            buffer.Add(reading, done, at);
            Append(c, reading.ToSource(at), ref buffer);
            layers |= layer;
            isHiding |= hides;
            done = at + length;
            at = Next(text, done, isPlusSpace);
        }

        if (layers != TextLayers.None)
        {
            buffer.Add(reading, done, text.Length);
        }

        return (layers, isHiding);
    }

    /// <summary>A form field writes spaces as plus signs, and then holds none.</summary>
    private static bool HasPlusForSpace(ReadOnlySpan<char> text) => text.Contains('+') && text.IndexOfAny(' ', '\t', '\n') < 0;

    private static int Next(ReadOnlySpan<char> text, int from, bool isPlusSpace)
    {
        var found = isPlusSpace ? text[from..].IndexOfAny(SignsAndPlus) : text[from..].IndexOfAny(Signs);
        return found < 0 ? text.Length : from + found;
    }

    private static void Append(int c, int origin, ref ReadingBuffer buffer)
    {
        if (c < 0x10000)
        {
            buffer.Add((char)c, origin);
        }
        else
        {
            Span<char> pair = stackalloc char[2];
            new Rune(c).EncodeToUtf16(pair);
            buffer.Add(pair[0], origin);
            buffer.Add(pair[1], origin);
        }
    }

    /// <summary>What one encoded character was: its length in the text, and what it stands for. Length 0: it was none.</summary>
    private readonly record struct Piece(int Length, int Char, TextLayers Layer, bool IsHiding)
    {
        public static Piece None => default;
    }

    private static Piece Percent(ReadOnlySpan<char> text)
    {
        if (text.Length > 5 && text[1] is 'u' or 'U' && Hex(text.Slice(2, 4)) is >= 0 and var unit)
        {
            return new Piece(6, unit, TextLayers.Percent, IsHiding: true);
        }

        var first = Byte(text);
        if (first < 0)
        {
            return Piece.None;
        }

        // Nobody encodes what may stand as it is (RFC 3986 §2.3), and nobody needs an overlong form.
        if (first < 0x80)
        {
            return new Piece(3, first, TextLayers.Percent, char.IsAsciiLetterOrDigit((char)first) || first is '.' or '%' or '\0');
        }

        var second = text.Length > 5 ? Byte(text[3..]) : -1;
        if (first is 0xC0 or 0xC1 && second is >= 0 and < 0x80)
        {
            return new Piece(6, second, TextLayers.Percent, IsHiding: true);
        }

        var count = first switch { < 0xC0 => 0, < 0xE0 => 1, < 0xF0 => 2, < 0xF8 => 3, < 0xFC => 4, < 0xFE => 5, _ => 0 };
        var value = first & (0x3F >> count);
        for (var i = 1; i <= count; i++)
        {
            var next = text.Length > (i * 3) + 2 ? Byte(text[(i * 3)..]) : -1;
            if (next is < 0x80 or >= 0xC0)
            {
                count = 0;
                break;
            }

            value = (value << 6) | (next & 0x3F);
        }

        return count == 0
            ? new Piece(3, first, TextLayers.Percent, IsHiding: false)
            : new Piece((count + 1) * 3, Rune.IsValid(value) ? value : 0xFFFD, TextLayers.Percent, value < 0x80);
    }

    private static Piece Entity(ReadOnlySpan<char> text)
    {
        if (text.Length < 3)
        {
            return Piece.None;
        }

        if (text[1] == '#')
        {
            return Numeric(text);
        }

        var name = text.Slice(1, Math.Min(EntityNames.MaxLength, text.Length - 1));
        var end = name.IndexOfAnyExcept(Alphanumeric);
        if (end > 0 && name[end] == ';' && EntityNames.TryFind(name[..end], out var c))
        {
            return new Piece(end + 2, c, TextLayers.Entities, !EntityNames.IsOrdinary(name[..end]));
        }

        var prefix = EntityNames.Prefix(name);
        var after = prefix.Length + 1;
        return prefix.Length == 0 || (after < text.Length && text[after] == '=') || !EntityNames.TryFind(prefix, out c)
            ? Piece.None
            : new Piece(after, c, TextLayers.Entities, IsHiding: false);
    }

    /// <summary>Decimal and hexadecimal references, any number of zeros before, with or without a semicolon.</summary>
    private static Piece Numeric(ReadOnlySpan<char> text)
    {
        var isHex = text[2] is 'x' or 'X';
        var start = isHex ? 3 : 2;
        var digits = text[start..];
        var length = isHex ? digits.IndexOfAnyExcept(HexDigits) : digits.IndexOfAnyExceptInRange('0', '9');
        length = length < 0 ? digits.Length : length;
        if (length == 0)
        {
            return Piece.None;
        }

        var value = digits[..length].TrimStart('0');
        var all = start + length + (start + length < text.Length && text[start + length] == ';' ? 1 : 0);
        if (value.Length > 7 || !int.TryParse(value.IsEmpty ? "0" : value, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var c))
        {
            return Piece.None;
        }

        return new Piece(all, Rune.IsValid(c) ? c : 0xFFFD, TextLayers.Entities, c is not ('\'' or '"' or '&' or '<' or '>' or ' ') && c < 0x80);
    }

    /// <summary><c>\xHH</c>, <c>\uHHHH</c>, <c>\u{H…}</c>, <c>\UHHHHHHHH</c> and octal <c>\NNN</c>.</summary>
    private static Piece Escape(ReadOnlySpan<char> text)
    {
        if (text.Length < 4)
        {
            return Piece.None;
        }

        switch (text[1])
        {
            case 'x' or 'X' when Hex(text.Slice(2, 2)) is >= 0 and var c:
                return new Piece(4, c, TextLayers.Escapes, IsHiding: true);
            case 'u' when text.Length > 5 && Hex(text.Slice(2, 4)) is >= 0 and var c:
                return new Piece(6, c, TextLayers.Escapes, c is >= 0x20 and < 0x7F);
            case 'u' when text[2] == '{' && text[..Math.Min(text.Length, 12)].IndexOf('}') is > 3 and var end && Hex(text[3..end]) is >= 0 and var c:
                return new Piece(end + 1, Rune.IsValid(c) ? c : 0xFFFD, TextLayers.Escapes, IsHiding: true);
            case 'U' when text.Length > 9 && Hex(text.Slice(2, 8)) is >= 0 and var c:
                return new Piece(10, Rune.IsValid(c) ? c : 0xFFFD, TextLayers.Escapes, IsHiding: true);
            case >= '0' and <= '3' when text[2] is >= '0' and <= '7' && text[3] is >= '0' and <= '7':
                return new Piece(4, ((text[1] - '0') * 64) + ((text[2] - '0') * 8) + text[3] - '0', TextLayers.Escapes, IsHiding: true);
            default:
                return Piece.None;
        }
    }

    /// <summary>The byte that a text begins with as <c>%HH</c>, or -1.</summary>
    private static int Byte(ReadOnlySpan<char> text) => text.Length > 2 && text[0] == '%' ? Hex(text.Slice(1, 2)) : -1;

    private static int Hex(ReadOnlySpan<char> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit(digit) || value > 0x7FFFFFF)
            {
                return -1;
            }

            value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return value;
    }
}
