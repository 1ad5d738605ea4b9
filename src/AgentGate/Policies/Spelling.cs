using System.Globalization;
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

    /// <summary>A name as it may stand in a record or a reason: one line, no letters that hide or turn around others, no longer than a name.</summary>
    public static string OnRecord(string name)
    {
        const int Longest = 120;
        var cut = name.Length <= Longest ? name : name[..(char.IsHighSurrogate(name[Longest - 1]) ? Longest - 1 : Longest)] + "…";
        return cut.Any(IsHidden) ? string.Concat(cut.Select(static c => IsHidden(c) ? ' ' : c)) : cut;
    }

    private static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static bool IsFolded(string text) => Ascii.IsValid(text) && text.AsSpan().IndexOfAnyInRange('A', 'Z') < 0;
}
