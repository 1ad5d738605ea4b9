using System.IO.Enumeration;
using System.Text;

namespace AgentGate.Pipeline;

/// <summary>Patterns in which <c>*</c> stands for any text, also none. Everything else stands for itself.</summary>
internal static class Wildcard
{
    /// <summary>Whether the whole text fits the pattern. Both are compared in Unicode NFC, linear in practice and without backtracking blow-up.</summary>
    public static bool IsMatch(string pattern, string text, bool ignoreCase)
    {
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
        => pattern.Length > 0 && !(pattern.Contains('*', StringComparison.Ordinal) && pattern.AsSpan().IndexOfAny('?', '\\') >= 0);

    private static string Nfc(string text) => text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
}
