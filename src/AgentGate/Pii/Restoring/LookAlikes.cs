using AgentGate.Pii.Detection;

namespace AgentGate.Pii.Restoring;

/// <summary>
/// Finds what looks like a token in inbound text: the caller typed it, or somebody planted it in a page. It is masked like
/// personal data, under its own type, and comes back as it was written.
/// </summary>
internal static class LookAlikes
{
    /// <summary>The type of a look-alike's own token.</summary>
    public const string Type = "LITERAL";

    /// <summary>Appends every look-alike of the text, in order.</summary>
    public static void Find(ReadOnlySpan<char> text, List<PiiMatch> matches)
    {
        var at = 0;
        while (at < text.Length)
        {
            var next = TokenGrammar.NextBegin(text[at..]);
            if (next < 0)
            {
                return;
            }

            at += next;
            var length = LengthAt(text[at..]);
            if (length > 0)
            {
                matches.Add(new PiiMatch(at, length, Type, 1));
            }

            at += Math.Max(1, length);
        }
    }

    private static int LengthAt(ReadOnlySpan<char> text)
    {
        var open = TokenGrammar.Open(text, out var form);
        if (open <= 0 || open >= text.Length || !char.IsAsciiLetterUpper(text[open]))
        {
            return 0;
        }

        var end = open;
        while (end < text.Length && TokenGrammar.IsName(text[end]))
        {
            end++;
        }

        var digits = end;
        while (digits > open && char.IsAsciiDigit(text[digits - 1]))
        {
            digits--;
        }

        if (digits == end || text[digits - 1] != '_' || end == text.Length)
        {
            return 0;
        }

        var close = TokenGrammar.Close(text[end..], form);
        return close > 0 ? end + close : 0;
    }
}
