using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentGate.Threats.Normalization;

/// <summary>
/// What a character looks like, in ASCII: compatibility forms (full-width, mathematical, circled, super- and subscript
/// letters and digits), letters of other scripts that are drawn like Latin ones, quotes, slashes, brackets and spaces, and
/// characters that are not seen at all. Own tables: the process runs without the system's Unicode data, where
/// <see cref="string.Normalize()"/> changes nothing.
/// </summary>
/// <remarks>Compatibility mappings follow the decompositions of UnicodeData.txt, look-alikes the intent of UTS #39.</remarks>
internal static class LookAlikes
{
    /// <summary>Not seen, so taken out.</summary>
    private const char Gone = '\0';

    /// <summary>Pairs of a character and what it looks like, by what it looks like.</summary>
    private static readonly (char Ascii, string Alike)[] Letters =
    [
        ('a', "аαɑᵃₐªᴀ"), ('b', "ᵇʙЬ"), ('c', "сϲᶜⅽᴄ"), ('d', "ԁᵈⅆⅾᴅ"), ('e', "еєεᵉₑℯⅇᴇ"), ('f', "ᶠꜰƒ"), ('g', "ɡᵍℊց"),
        ('h', "һհₕℎʰʜ"), ('i', "іιıᵢⁱℹⅈⅰɪ"), ('j', "јϳⱼⅉʲᴊ"), ('k', "κкᵏₖᴋ"), ('l', "ӏℓₗˡⅼʟ"), ('m', "мᵐₘⅿᴍ"), ('n', "ոпηⁿₙɴ"),
        ('o', "оοօᵒₒℴºᴏ"), ('p', "рρᵖₚᴘ"), ('q', "ԛզ"), ('r', "гʳᵣʀ"), ('s', "ѕſˢₛꜱ"), ('t', "тτᵗₜᴛ"), ('u', "υսᵘᵤᴜ"), ('v', "ѵνᵛᵥⅴᴠ"),
        ('w', "ԝωʷᴡ"), ('x', "хχˣₓⅹ×"), ('y', "уүγʸʏ"), ('z', "ᶻᴢ"),
        ('A', "АΑᴬᎪ"), ('B', "ВΒᴮℬᏴ"), ('C', "СϹℂℭⅭᏟ"), ('D', "ᴰⅅⅮᎠ"), ('E', "ЕΕᴱℰᎬ"), ('F', "ℱϜ"), ('G', "ᴳԌᏀ"), ('H', "НΗᴴℋℌℍᎻ"),
        ('I', "ІΙӀᴵℐℑⅠİ"), ('J', "ЈᴶᎫ"), ('K', "КΚᴷKᏦ"), ('L', "ᴸℒⅬᏞ"), ('M', "МΜᴹℳⅯᎷ"), ('N', "ΝᴺℕԊ"), ('O', "ОΟᴼՕ"), ('P', "РΡᴾℙᏢ"),
        ('Q', "ℚԚ"), ('R', "ᴿℛℜℝᎡ"), ('S', "ЅՏᏚ"), ('T', "ТΤᵀᎢ"), ('U', "ᵁՍ"), ('V', "ѴⅤᏙ"), ('W', "ᵂԜᎳ"), ('X', "ХΧⅩ"), ('Y', "ΥҮ"), ('Z', "ΖℤℨᏃ"),
    ];

    private static readonly (char Ascii, string Alike)[] Signs =
    [
        ('\'', "\u2018\u2019\u201A\u201B\u2032\u2035\u02B9\u02BB\u02BC\u02BD\u02C8\u02CA\u02CB\u00B4\u055A\u05F3\uA78C"),
        ('"', "\u201C\u201D\u201E\u201F\u2033\u2036\u02BA\u02DD\u02EE\u05F4"),
        ('/', "\u2044\u2215\u29F8\u27CB\u2571\u2CC6"), ('\\', "\u2216\u29F5\u29F9\uFE68\u2572"),
        ('-', "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u02D7\uFE58\uFE63\u207B\u208B"),
        ('.', "\u2024\u3002\uFF61\uFE52\uA60E"), (',', "\u060C\u3001\uFF64\uFE50\u02CF"), (';', "\u037E\u061B\uFE54"),
        (':', "\u2236\uA789\uFE55\u05C3\u02D0\uA4FD\uFE13\u0589"), ('*', "\u2217\u204E\u066D\uFE61\u22C6"), ('|', "\u2223\u01C0\u2758\u2502"),
        ('<', "\u2039\u3008\u2329\u27E8\uFE64\u02C2"), ('>', "\u203A\u3009\u232A\u27E9\uFE65\u02C3"), ('=', "\uFE66\uA78A\u207C\u208C\u2550"),
        ('(', "\u207D\u208D\u2768\uFE59\u2985"), (')', "\u207E\u208E\u2769\uFE5A\u2986"), ('[', "\u2772\u3014\u27E6"), (']', "\u2773\u3015\u27E7"),
        ('{', "\u2774\uFE5B"), ('}', "\u2775\uFE5C"), ('#', "\uFE5F\u266F"), ('%', "\u066A\uFE6A"), ('&', "\uFE60"), ('+', "\uFE62\u207A\u208A"),
        ('$', "\uFE69"), ('@', "\uFE6B"), ('!', "\u01C3\uFE57"), ('?', "\uFE56"), ('~', "\u223C\u02DC"), ('^', "\u02C6\u2303"), ('_', "\uFE4D\uFE4E\uFE4F"),
    ];

    private static readonly char[] Map = Build();

    /// <summary>What folding changes beyond ASCII; a surrogate may begin a mathematical letter.</summary>
    private static readonly SearchValues<char> Foldable = SearchValues.Create(
        [.. Enumerable.Range(0x80, 0x10000 - 0x80).Select(c => (char)c).Where(c => Map[c] != c || c is '\u2025' || char.IsHighSurrogate(c))]);

    /// <summary>Whether a text holds a character that stands for another one. Vectorised; ASCII is told apart first.</summary>
    public static bool IsNeeded(ReadOnlySpan<char> text)
        => !Ascii.IsValid(text) ? text.ContainsAny(Foldable) || text.Contains('\0') : text.Contains('\0');

    /// <summary>Adds a reading with every look-alike replaced.</summary>
    /// <returns>Whether anything changed.</returns>
    public static bool Fold(in TextReading reading, ref ReadingBuffer buffer)
    {
        var text = reading.Text;
        var isChanged = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var folded = Map[c];
            if (c == '\0' && !IsInsideWord(text, i))
            {
                // A NUL in a word hides the word; at its end it cuts off what follows, and that is a finding of its own.
                folded = '\u2400';
            }

            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                var pair = FoldPair(char.ConvertToUtf32(c, text[i + 1]));
                if (pair is not { } ascii)
                {
                    buffer.Add(c, reading.ToSource(i));
                    buffer.Add(text[i + 1], reading.ToSource(i + 1));
                }
                else if (ascii != Gone)
                {
                    buffer.Add(ascii, reading.ToSource(i));
                }

                isChanged |= pair is not null;
                i++;
                continue;
            }

            if (folded == '\u2400')
            {
                buffer.Add('\0', reading.ToSource(i));
                continue;
            }

            isChanged |= folded != c || folded == Gone;
            if (folded != Gone)
            {
                buffer.Add(folded, reading.ToSource(i));
                if (c == '\u2025')
                {
                    buffer.Add('.', reading.ToSource(i));
                }
            }
        }

        return isChanged;
    }

    private static bool IsInsideWord(ReadOnlySpan<char> text, int i)
        => i > 0 && i + 1 < text.Length && char.IsAsciiLetter(text[i - 1]) && char.IsAsciiLetter(text[i + 1]);

    private static char[] Build()
    {
        var map = new char[0x10000];
        for (var c = 0; c < map.Length; c++)
        {
            map[c] = c == 0 ? Gone : c < 0x80 ? (char)c : Range((char)c);
        }

        foreach (var (ascii, alike) in Letters.Concat(Signs))
        {
            foreach (var c in alike)
            {
                map[c] = ascii;
            }
        }

        map['\u2025'] = '.';
        return map;
    }

    private static char Range(char c) => c switch
    {
        // Soft hyphen, joiners, marks of direction, fillers, variation selectors, combining marks.
        '\u00AD' or '\u034F' or '\u061C' or '\u115F' or '\u1160' or '\u17B4' or '\u17B5' or '\u3164' or '\uFEFF' or '\uFFA0' => Gone,
        (>= '\u0300' and <= '\u036F') or (>= '\u180B' and <= '\u180F') or (>= '\u1AB0' and <= '\u1AFF') or (>= '\u1DC0' and <= '\u1DFF') => Gone,
        (>= '\u200B' and <= '\u200F') or (>= '\u202A' and <= '\u202E') or (>= '\u2060' and <= '\u206F') or (>= '\u20D0' and <= '\u20FF') => Gone,
        (>= '\uFE00' and <= '\uFE0F') or (>= '\uFE20' and <= '\uFE2F') or (>= '\uFFF9' and <= '\uFFFB') => Gone,
        '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200A') or '\u202F' or '\u205F' or '\u3000' => ' ',
        '\u0085' or '\u2028' or '\u2029' => '\n',
        >= '\uFF01' and <= '\uFF5E' => (char)(c - '\uFF01' + '!'),
        >= '\u2460' and <= '\u2468' => (char)(c - '\u2460' + '1'),
        '\u24EA' => '0',
        >= '\u249C' and <= '\u24B5' => (char)(c - '\u249C' + 'a'),
        >= '\u24B6' and <= '\u24CF' => (char)(c - '\u24B6' + 'A'),
        >= '\u24D0' and <= '\u24E9' => (char)(c - '\u24D0' + 'a'),
        '\u00B9' => '1',
        '\u00B2' or '\u00B3' => (char)(c - '\u00B2' + '2'),
        '\u2070' or (>= '\u2074' and <= '\u2079') => (char)(c - '\u2070' + '0'),
        >= '\u2080' and <= '\u2089' => (char)(c - '\u2080' + '0'),
        _ => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber ? (char)('0' + (int)char.GetNumericValue(c)) : c,
    };

    /// <summary>Mathematical, squared and tag characters beyond the first plane; nothing for any other.</summary>
    private static char? FoldPair(int c) => c switch
    {
        >= 0x1D400 and <= 0x1D6A3 when (c - 0x1D400) % 52 is var at => (char)(at < 26 ? 'A' + at : 'a' + at - 26),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + ((c - 0x1D7CE) % 10)),
        >= 0x1F130 and <= 0x1F149 => (char)('A' + c - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('A' + c - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('A' + c - 0x1F170),
        >= 0x1FBF0 and <= 0x1FBF9 => (char)('0' + c - 0x1FBF0),
        (>= 0xE0000 and <= 0xE007F) or (>= 0xE0100 and <= 0xE01EF) => Gone,
        _ => null,
    };
}
