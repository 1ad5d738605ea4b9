using System.Buffers;

namespace AgentGate.Cedar.Syntax;

/// <summary>What an identifier and a path of identifiers are (Cedar grammar: IDENT, PATH).</summary>
internal static class CedarIdentifier
{
    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>Whether the text has the shape of an identifier; it may still be reserved.</summary>
    public static bool HasShape(ReadOnlySpan<char> text)
        => !text.IsEmpty && !char.IsAsciiDigit(text[0]) && text.IndexOfAnyExcept(Letters) < 0;

    /// <summary>Words that are no identifiers: they cannot name types, variables or attributes after a dot.</summary>
    public static bool IsReserved(ReadOnlySpan<char> text)
        => text is "true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or "__cedar";

    /// <summary>Whether the text is an identifier.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => HasShape(text) && !IsReserved(text);

    /// <summary>Whether the text is <c>A::B::C</c>, without spaces, each part an identifier.</summary>
    public static bool IsPath(ReadOnlySpan<char> text)
    {
        foreach (var part in text.Split("::"))
        {
            if (!IsValid(text[part]))
            {
                return false;
            }
        }

        return true;
    }
}
