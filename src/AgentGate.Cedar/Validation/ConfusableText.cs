using System.Globalization;
using System.Text;

namespace AgentGate.Cedar.Validation;

/// <summary>Warns of text that reads as something it is not: hidden changes of direction, letters of several scripts in one word.</summary>
/// <remarks>
/// The rules are simple and err towards silence: the directional characters of Trojan Source (CVE-2021-42574), characters that cannot
/// be seen in a name, and letters of more than one script where the scripts are not written together (UTS #39, section 5.1).
/// </remarks>
internal static class ConfusableText
{
    public static void Check(PolicyContents contents, FindingList warnings)
    {
        foreach (var (text, isIdentifier, span) in contents.Texts)
        {
            if (!Ascii.IsValid(text) && Describe(text, isIdentifier) is { } message)
            {
                warnings.Report(ValidationFindingKind.ConfusableText, span, message, "write it in one script, and without characters that cannot be seen");
            }
        }
    }

    private static string? Describe(string text, bool isIdentifier)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsDirectional(rune.Value))
            {
                return string.Create(CultureInfo.InvariantCulture, $"the text holds U+{rune.Value:X4}, which changes the direction of what follows");
            }

            if (isIdentifier && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            {
                return string.Create(CultureInfo.InvariantCulture, $"the name holds U+{rune.Value:X4}, which cannot be seen");
            }
        }

        return MixedScripts(text) is var (one, other) ? $"the text mixes letters of the scripts {one} and {other}, which look alike" : null;
    }

    /// <summary>Embeddings, overrides and isolates.</summary>
    private static bool IsDirectional(int rune) => rune is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);

    private static (string One, string Other)? MixedScripts(string text)
    {
        string? first = null;
        foreach (var rune in text.EnumerateRunes())
        {
            if (!Rune.IsLetter(rune) || ScriptOf(rune.Value) is not { } script)
            {
                continue;
            }

            if (first is not null && first != script)
            {
                return (first, script);
            }

            first = script;
        }

        return null;
    }

    /// <summary>The script of a letter, by the blocks of Unicode; <see langword="null"/> for scripts that are not told apart here.</summary>
    private static string? ScriptOf(int rune) => rune switch
    {
        < 0x0080 => "Latin",
        >= 0x00C0 and <= 0x024F => "Latin",
        >= 0x0250 and <= 0x02AF => "Latin",
        >= 0x0370 and <= 0x03FF => "Greek",
        >= 0x0400 and <= 0x052F => "Cyrillic",
        >= 0x0531 and <= 0x058F => "Armenian",
        >= 0x05D0 and <= 0x05F4 => "Hebrew",
        >= 0x0620 and <= 0x074F => "Arabic",
        >= 0x0900 and <= 0x097F => "Devanagari",
        >= 0x0E01 and <= 0x0E5B => "Thai",
        >= 0x10A0 and <= 0x10FF => "Georgian",
        >= 0x13A0 and <= 0x13FF => "Cherokee",
        >= 0x1C80 and <= 0x1C8F => "Cyrillic",
        >= 0x1E00 and <= 0x1EFF => "Latin",
        >= 0x1F00 and <= 0x1FFF => "Greek",
        >= 0x2C60 and <= 0x2C7F => "Latin",
        >= 0x2DE0 and <= 0x2DFF => "Cyrillic",
        >= 0xA640 and <= 0xA69F => "Cyrillic",
        >= 0xA720 and <= 0xA7FF => "Latin",
        >= 0xAB70 and <= 0xABBF => "Cherokee",
        >= 0xFF21 and <= 0xFF5A => "Latin",
        _ => null,
    };
}
