using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>String literals of the Cedar schema syntax; the escapes are those of Cedar policies.</summary>
internal static class SchemaString
{
    private const string Help = "the escapes are \\n \\r \\t \\0 \\\\ \\\" \\' \\x41 and \\u{1f600}";

    /// <summary>The text a literal stands for.</summary>
    /// <param name="text">The whole source.</param>
    /// <param name="span">The literal, quotes included.</param>
    /// <param name="source">For messages.</param>
    public static string Read(string text, SourceSpan span, SchemaText source)
    {
        if (StringLiteral.TryRead(text.AsSpan(span.Start + 1, span.Length - 2), out var value, out var fault))
        {
            return value;
        }

        var place = fault with { Start = span.Start + 1 + fault.Start };
        throw (text[place.Start], text[place.Start + 1]) switch
        {
            ('\r', _) => source.Error(place, "a string holds a bare carriage return", "write `\\r`"),
            (_, 'x') => source.Error(place, "`\\x` needs two hexadecimal digits up to 7f", Help),
            (_, 'u') => source.Error(place, "`\\u` needs a Unicode scalar value in braces", Help),
            (_, > ' ' and < '\u007f') => source.Error(place, $"`{text.AsSpan(place.Start, 2)}` is no escape", Help),
            _ => source.Error(place, "no escape follows the `\\`", Help),
        };
    }
}
