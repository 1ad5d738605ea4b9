using System.Text.Encodings.Web;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// The written forms of a token. Its two brackets are written alike, in one of the forms of <see cref="TokenForm"/>; the
/// hexadecimal digits of a JSON escape may be of either case. Masking and restoring share this grammar, so that whatever
/// could be restored is, when somebody else wrote it, masked as a look-alike first.
/// </summary>
internal static class TokenGrammar
{
    private static readonly JavaScriptEncoder InJson = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Whether a token can begin with this character.</summary>
    public static bool CanBegin(char c) => c is '<' or '\\' or '&';

    /// <summary>The first place where a token can begin, or a negative number.</summary>
    public static int NextBegin(ReadOnlySpan<char> text) => text.IndexOfAny('<', '\\', '&');

    /// <summary>Reads an opening bracket.</summary>
    /// <param name="text">The text from the place to look at.</param>
    /// <param name="form">The form, once it is known.</param>
    /// <returns>Its length; 0 when there is none; -1 when the text ends inside what may become one.</returns>
    public static int Open(ReadOnlySpan<char> text, out TokenForm form)
    {
        form = TokenForm.Raw;
        switch (text[0])
        {
            case '<':
                return 1;
            case '\\':
                form = TokenForm.Json;
                return Bracket(text, @"\u003c");
            case '&':
                form = TokenForm.Html;
                return Bracket(text, "&lt;");
            default:
                return 0;
        }
    }

    /// <summary>Reads a closing bracket of a form.</summary>
    /// <returns>As <see cref="Open"/>.</returns>
    public static int Close(ReadOnlySpan<char> text, TokenForm form)
        => form switch
        {
            TokenForm.Raw => Bracket(text, ">"),
            TokenForm.Json => Bracket(text, @"\u003e"),
            _ => Bracket(text, "&gt;"),
        };

    /// <summary>Whether a character can stand in a token's name.</summary>
    public static bool IsName(char c) => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_';

    /// <summary>Writes a value the way the token that it replaces was written.</summary>
    public static string Write(string value, TokenForm form)
        => form switch
        {
            TokenForm.Json => InJson.Encode(value),
            TokenForm.Html => InHtml(value),
            _ => value,
        };

    /// <summary>Whether a value can stand in a JSON string as it is, so that what was copied out of one goes back unchanged.</summary>
    public static bool FitsJsonString(ReadOnlySpan<char> value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is < ' ' or '"' || (value[i] == '\\' && (++i == value.Length || !"\"\\/bfnrtu".Contains(value[i]))))
            {
                return false;
            }
        }

        return true;
    }

    private static string InHtml(string value)
        => value
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);

    private static int Bracket(ReadOnlySpan<char> text, ReadOnlySpan<char> bracket)
    {
        var shared = Math.Min(text.Length, bracket.Length);
        for (var i = 0; i < shared; i++)
        {
            // Only the hexadecimal digit of a JSON escape may differ in case.
            var c = i == 5 ? (char)(text[i] | 0x20) : text[i];
            if (c != bracket[i])
            {
                return 0;
            }
        }

        return text.Length < bracket.Length ? -1 : bracket.Length;
    }
}
