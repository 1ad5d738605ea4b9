using System.Buffers;
using System.Globalization;

namespace AgentGate.Pii.Detection;

/// <summary>
/// A copy of the text in which digits of other scripts, full-width forms, hyphens, spaces and invisible characters are what
/// they look like. A text without such characters, nearly every one, is not copied.
/// </summary>
internal readonly ref struct TextFolding : IDisposable
{
    /// <summary>By character: what it is folded to.</summary>
    private static readonly char[] Map = [.. Enumerable.Range(0, 0x10000).Select(c => c < 0x80 ? (char)c : Fold((char)c))];

    /// <summary>What folding changes: each of these is looked for before anything is copied.</summary>
    private static readonly SearchValues<char> Foldable = SearchValues.Create([.. Enumerable.Range(0x80, 0x10000 - 0x80).Select(c => (char)c).Where(c => Map[c] != c)]);

    private readonly char[] _folded;
    private readonly int[] _origins;
    private readonly int _length;

    public TextFolding(ReadOnlySpan<char> text)
    {
        _folded = ArrayPool<char>.Shared.Rent(text.Length);
        _origins = ArrayPool<int>.Shared.Rent(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = Map[text[i]];
            if (c != '\0' || text[i] == '\0')
            {
                _folded[_length] = c;
                _origins[_length++] = i;
            }
        }
    }

    public ReadOnlySpan<char> Text => _folded.AsSpan(0, _length);

    public static bool IsNeeded(ReadOnlySpan<char> text) => text.ContainsAny(Foldable);

    /// <summary>Moves what was found in the copy to where it stands in the original.</summary>
    public void MapBack(List<PiiMatch> matches, int first)
    {
        for (var i = first; i < matches.Count; i++)
        {
            var match = matches[i];
            var start = _origins[match.Start];
            matches[i] = match with { Start = start, Length = _origins[match.Start + match.Length - 1] + 1 - start };
        }
    }

    public void Dispose()
    {
        // The copy holds personal data: it does not stay behind in a shared pool.
        ArrayPool<char>.Shared.Return(_folded, clearArray: true);
        ArrayPool<int>.Shared.Return(_origins);
    }

    /// <summary>The character it stands for; NUL for one that is not seen.</summary>
    private static char Fold(char c) => c switch
    {
        '\u00AD' or '\u180E' or (>= '\u200B' and <= '\u200F') or (>= '\u2060' and <= '\u2064') or '\uFEFF' => '\0',
        '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A') or '\u202F' or '\u205F' or '\u3000' => ' ',
        (>= '\u2010' and <= '\u2015') or '\u2043' or '\u2212' or '\uFE58' or '\uFE63' => '-',
        '\u2024' or '\uFE52' => '.',
        '\uFE6B' => '@',
        '\uFE55' or '\uA789' => ':',
        >= '\uFF01' and <= '\uFF5E' => (char)(c - '\uFF01' + '!'),
        _ => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)char.GetNumericValue(c)) : c,
    };
}
