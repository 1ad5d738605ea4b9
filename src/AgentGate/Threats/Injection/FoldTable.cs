using System.Collections.Frozen;
using System.Globalization;

namespace AgentGate.Threats.Injection;

/// <summary>
/// What a character reads as: lower case, compatibility forms (Unicode NFKD) reduced to their letter, marks and invisible
/// characters gone. Look-alikes of other scripts are a second table, for words that mix scripts.
/// </summary>
internal static class FoldTable
{
    /// <summary>The character is dropped: it is a mark, or nobody sees it.</summary>
    public const char Dropped = '\0';

    /// <summary>The character stands between words.</summary>
    public const char Between = ' ';

    private const int TagsFirst = 0xE0000;
    private const int TagsLast = 0xE007F;

    private static readonly char[] s_folds = BuildFolds();

    /// <summary>Cyrillic, Greek and Armenian letters that a reader takes for a Latin one (a subset of Unicode TR 39).</summary>
    private static readonly FrozenDictionary<char, char> s_lookAlikes = new Dictionary<char, char>
    {
        ['а'] = 'a', ['в'] = 'b', ['с'] = 'c', ['ԁ'] = 'd', ['е'] = 'e', ['ѐ'] = 'e', ['ё'] = 'e', ['һ'] = 'h', ['н'] = 'h', ['і'] = 'i', ['ї'] = 'i',
        ['ј'] = 'j', ['к'] = 'k', ['ӏ'] = 'l', ['м'] = 'm', ['п'] = 'n', ['о'] = 'o', ['р'] = 'p', ['ԛ'] = 'q', ['г'] = 'r', ['ѕ'] = 's', ['т'] = 't',
        ['у'] = 'y', ['ү'] = 'y', ['ѵ'] = 'v', ['ԝ'] = 'w', ['х'] = 'x', ['ѡ'] = 'w',
        ['α'] = 'a', ['β'] = 'b', ['ϲ'] = 'c', ['ε'] = 'e', ['η'] = 'n', ['ι'] = 'i', ['κ'] = 'k', ['ν'] = 'v', ['ο'] = 'o', ['ρ'] = 'p',
        ['σ'] = 'o', ['τ'] = 't', ['υ'] = 'u', ['χ'] = 'x', ['γ'] = 'y', ['ω'] = 'w', ['ϳ'] = 'j',
        ['օ'] = 'o', ['ո'] = 'n', ['ս'] = 'u', ['ց'] = 'g', ['հ'] = 'h', ['ք'] = 'p', ['ɡ'] = 'g', ['ı'] = 'i', ['ɑ'] = 'a', ['ʀ'] = 'r', ['ɩ'] = 'i',
    }.ToFrozenDictionary();

    /// <summary>A character of the basic plane, folded.</summary>
    public static char Fold(char character) => s_folds[character];

    /// <summary>The Latin letter a character of another script looks like, or the character itself.</summary>
    public static char LookAlike(char character) => s_lookAlikes.TryGetValue(character, out var latin) ? latin : character;

    /// <summary>A character beyond the basic plane: mathematical and enclosed letters are letters, tags are the ASCII they hide.</summary>
    /// <param name="point">The code point.</param>
    /// <param name="isHidden">Whether nobody sees the character on a screen.</param>
    public static char FoldBeyond(int point, out bool isHidden)
    {
        isHidden = point is >= TagsFirst and <= TagsLast or >= 0xE0100 and <= 0xE01EF;
        return point switch
        {
            >= TagsFirst + 0x20 and < TagsLast => s_folds[point - TagsFirst],
            >= TagsFirst and <= TagsLast or >= 0xE0100 and <= 0xE01EF => Dropped,
            >= 0x1D400 and <= 0x1D6A3 => (char)('a' + ((point - 0x1D400) % 26)),
            >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((point - 0x1D7CE) % 10)),
            >= 0x1F130 and <= 0x1F149 => (char)('a' + point - 0x1F130),
            >= 0x1F150 and <= 0x1F169 => (char)('a' + point - 0x1F150),
            >= 0x1F170 and <= 0x1F189 => (char)('a' + point - 0x1F170),
            >= 0x1F1E6 and <= 0x1F1FF => (char)('a' + point - 0x1F1E6),
            >= 0x20000 and <= 0x3FFFF => '\u4E00',
            _ => Between,
        };
    }

    /// <summary>Whether a character shows nothing and moves nothing: zero-width, joiners, bidirectional controls, soft hyphen.</summary>
    public static bool IsInvisible(char character)
        => character is >= '\u200B' and <= '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2060' and <= '\u2069' or '\uFEFF' or '\u00AD' or '\u180E' or '\u034F' or '\u115F' or '\u1160' or '\u3164';

    /// <summary>Whether a character is of a script that is written without spaces between words.</summary>
    public static bool IsUnspaced(char character)
        => character is >= '\u3040' and <= '\u30FF' or >= '\u3400' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7A3' or >= '\u0E00' and <= '\u0EFF' or >= '\u1780' and <= '\u17FF';

    private static char[] BuildFolds()
    {
        var forms = new Dictionary<char, char>();
        foreach (var line in InjectionResources.ReadText("folds.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("//", StringComparison.Ordinal)))
        {
            foreach (var form in line.AsSpan(2))
            {
                forms.TryAdd(form, line[0]);
            }
        }

        var folds = new char[char.MaxValue + 1];
        for (var at = 0; at < folds.Length; at++)
        {
            folds[at] = FoldOne((char)at, forms);
        }

        return folds;
    }

    private static char FoldOne(char character, Dictionary<char, char> forms)
    {
        if (IsInvisible(character) || character is >= '\uFE00' and <= '\uFE0F')
        {
            return Dropped;
        }

        var read = forms.GetValueOrDefault(character, character);
        return char.GetUnicodeCategory(read) switch
        {
            UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark when !IsUnspaced(read) => Dropped,
            _ when char.IsLetterOrDigit(read) || IsUnspaced(read) => char.ToLowerInvariant(read),
            _ when char.IsAscii(read) && read > ' ' => read,
            _ => Between,
        };
    }
}
