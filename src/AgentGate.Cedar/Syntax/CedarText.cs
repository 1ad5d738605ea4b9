using System.Globalization;
using System.Text;

namespace AgentGate.Cedar.Syntax;

/// <summary>Strings as Cedar writes them.</summary>
internal static class CedarText
{
    /// <summary>Refuses text that is not Unicode: half a surrogate pair has no scalar value.</summary>
    public static void Check(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (!IsUnicode(value))
        {
            throw new ArgumentException("the text holds half of a surrogate pair", nameof(value));
        }
    }

    /// <summary>Whether every surrogate has its other half.</summary>
    public static bool IsUnicode(ReadOnlySpan<char> value)
    {
        var at = value.IndexOfAnyInRange('\ud800', '\udfff');
        while (at >= 0)
        {
            if (!char.IsHighSurrogate(value[at]) || at + 1 >= value.Length || !char.IsLowSurrogate(value[at + 1]))
            {
                return false;
            }

            var next = value[(at + 2)..].IndexOfAnyInRange('\ud800', '\udfff');
            at = next < 0 ? -1 : at + 2 + next;
        }

        return true;
    }

    /// <summary>A name as messages show it: in quotes and escaped unless it is an identifier, so that a message stays on one line.</summary>
    public static string Show(string name) => CedarIdentifier.HasShape(name) ? name : Quote(name);

    /// <summary>A string literal that parses back to the text. Control characters and what an eye cannot see are escaped.</summary>
    public static string Quote(string value)
    {
        var builder = new StringBuilder(value.Length + 2).Append('"');
        AppendEscaped(builder, value, escapeStar: false);
        return builder.Append('"').ToString();
    }

    /// <summary>Appends the text with the escapes of a string literal, or of a pattern piece when <paramref name="escapeStar"/>.</summary>
    public static void AppendEscaped(StringBuilder builder, string value, bool escapeStar)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            _ = rune.Value switch
            {
                '"' => builder.Append("\\\""),
                '\\' => builder.Append("\\\\"),
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                '\0' => builder.Append("\\0"),
                '*' when escapeStar => builder.Append("\\*"),
                _ when IsInvisible(rune) => builder.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
                _ => builder.Append(rune.ToString()),
            };
        }
    }

    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark
        || (Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator && rune.Value != ' ');
}
