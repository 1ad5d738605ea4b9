using System.Globalization;
using System.IO.Enumeration;
using System.Text;

namespace AgentGate.Pipeline;

/// <summary>Patterns in which <c>*</c> stands for any text, also none. Everything else stands for itself.</summary>
internal static class Wildcard
{
    /// <summary>Whether the whole text fits the pattern. Both are compared in Unicode NFC, linear in practice and without backtracking blow-up.</summary>
    public static bool IsMatch(string pattern, string text, bool ignoreCase)
    {
        // The framework's matcher lets no pattern fit an empty text.
        if (text.Length == 0)
        {
            return pattern.AsSpan().TrimStart('*').IsEmpty;
        }

        // `?` and `\` mean something to the framework's matcher and nothing here.
        if (pattern.AsSpan().IndexOfAny('?', '\\') >= 0 || !pattern.Contains('*', StringComparison.Ordinal))
        {
            return !pattern.Contains('*', StringComparison.Ordinal)
                && string.Equals(Nfc(pattern), Nfc(text), ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }

        return FileSystemName.MatchesSimpleExpression(Nfc(pattern), Nfc(text), ignoreCase);
    }

    /// <summary>Whether a pattern can be used; <c>?</c> and a backslash beside <c>*</c> cannot.</summary>
    public static bool IsValid(string pattern)
        => pattern.Length > 0 && IsComparable(pattern) && !(pattern.Contains('*', StringComparison.Ordinal) && pattern.AsSpan().IndexOfAny('?', '\\') >= 0);

    /// <summary>
    /// Whether a text has one spelling only, so that comparing it means something. Without the system's Unicode tables
    /// (invariant globalization) nothing is brought into NFC, and a combining mark would make two names of one.
    /// </summary>
    public static bool IsComparable(string text)
    {
        if (Ascii.IsValid(text))
        {
            return true;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            var isAmbiguous = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
                    or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned
                || rune.Value is (>= 0x1100 and <= 0x11FF) or (>= 0x1F00 and <= 0x2BFF) or (>= 0xA960 and <= 0xA97F)
                    or (>= 0xD7B0 and <= 0xD7FF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F) or 0xFFFD;
            if (isAmbiguous)
            {
                return false;
            }
        }

        return true;
    }

    private static string Nfc(string text) => text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
}
