using System.Text;

namespace AgentGate.Policies;

/// <summary>The two spellings of a name: as it is, for permits, and folded, for forbids.</summary>
internal static class Spelling
{
    /// <summary>
    /// A name in lower case, so that two names that differ by case alone fold to one; the same instance where it is already.
    /// By upper case first, as case-insensitive file systems compare: letters such as U+017F have an upper case only.
    /// </summary>
    public static string Fold(string text)
        => IsFolded(text) ? text : text.ToUpperInvariant().ToLowerInvariant();

    private static bool IsFolded(string text) => Ascii.IsValid(text) && text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0;
}
