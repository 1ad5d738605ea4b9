using System.Globalization;
using System.Text;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>String literals of the Cedar schema syntax; the escapes are those of Cedar policies.</summary>
internal static class SchemaString
{
    /// <summary>The text a literal stands for.</summary>
    /// <param name="text">The whole source.</param>
    /// <param name="span">The literal, quotes included.</param>
    /// <param name="source">For messages.</param>
    public static string Read(string text, SourceSpan span, SchemaText source)
    {
        var body = text.AsSpan(span.Start + 1, span.Length - 2);
        if (body.IndexOfAny('\\', '\r') < 0)
        {
            return body.ToString();
        }

        var builder = new StringBuilder(body.Length);
        var at = span.Start + 1;
        var end = span.End - 1;
        while (at < end)
        {
            if (text[at] == '\r')
            {
                throw source.Error(new(at, 1), "a string holds a bare carriage return", "write `\\r`");
            }

            if (text[at] != '\\')
            {
                builder.Append(text[at++]);
                continue;
            }

            at = ReadEscape(text, at, end, builder, source);
        }

        return builder.ToString();
    }

    private static int ReadEscape(string text, int at, int end, StringBuilder builder, SchemaText source)
    {
        const string Help = "the escapes are \\n \\r \\t \\0 \\\\ \\\" \\' \\x41 and \\u{1f600}";
        switch (text[at + 1])
        {
            case 'n': builder.Append('\n'); return at + 2;
            case 'r': builder.Append('\r'); return at + 2;
            case 't': builder.Append('\t'); return at + 2;
            case '0': builder.Append('\0'); return at + 2;
            case '\\' or '"' or '\'': builder.Append(text[at + 1]); return at + 2;
            case 'x':
                if (at + 4 > end || !byte.TryParse(text.AsSpan(at + 2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code > 0x7f)
                {
                    throw source.Error(new(at, Math.Min(4, end - at)), "`\\x` needs two hexadecimal digits up to 7f", Help);
                }

                builder.Append((char)code);
                return at + 4;
            case 'u':
                var length = text.AsSpan(at, end - at).IndexOf('}') + 1;
                var digits = length > 4 && text[at + 2] == '{' ? text.AsSpan(at + 3, length - 4) : "";
                if (digits.IsEmpty || digits[0] == '_' || !TryReadScalar(digits, out var rune))
                {
                    throw source.Error(new(at, Math.Max(length, 2)), "`\\u` needs a Unicode scalar value in braces", Help);
                }

                builder.Append(rune.ToString());
                return at + length;
            default:
                var shown = text[at + 1] is > ' ' and < '\u007f';
                throw source.Error(new(at, 2), shown ? $"`{text.AsSpan(at, 2)}` is no escape" : "no escape follows the `\\`", Help);
        }
    }

    private static bool TryReadScalar(ReadOnlySpan<char> digits, out Rune rune)
    {
        var value = 0;
        var count = 0;
        rune = default;
        foreach (var digit in digits)
        {
            if (digit == '_')
            {
                continue;
            }

            if (!char.IsAsciiHexDigit(digit) || ++count > 6)
            {
                return false;
            }

            value = (value << 4) | Convert.ToInt32(digit.ToString(), 16);
        }

        return Rune.TryCreate(value, out rune);
    }
}
