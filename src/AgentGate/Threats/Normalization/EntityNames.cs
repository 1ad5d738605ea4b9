using System.Collections.Frozen;

namespace AgentGate.Threats.Normalization;

/// <summary>
/// The named character references (HTML Standard §13.5) that stand for ASCII or for nothing seen: the ones that can hide
/// an attack. Names are told apart by case, as browsers do.
/// </summary>
internal static class EntityNames
{
    /// <summary>The longest name.</summary>
    public const int MaxLength = 22;

    private static readonly FrozenDictionary<string, char> Names = new Dictionary<string, char>(StringComparer.Ordinal)
    {
        ["amp"] = '&', ["AMP"] = '&', ["lt"] = '<', ["LT"] = '<', ["gt"] = '>', ["GT"] = '>', ["quot"] = '"', ["QUOT"] = '"', ["apos"] = '\'',
        ["nbsp"] = ' ', ["NonBreakingSpace"] = ' ', ["ensp"] = ' ', ["emsp"] = ' ', ["thinsp"] = ' ', ["Tab"] = '\t', ["NewLine"] = '\n',
        ["excl"] = '!', ["num"] = '#', ["dollar"] = '$', ["percnt"] = '%', ["lpar"] = '(', ["rpar"] = ')', ["ast"] = '*', ["midast"] = '*',
        ["plus"] = '+', ["comma"] = ',', ["dash"] = '-', ["hyphen"] = '-', ["period"] = '.', ["sol"] = '/', ["colon"] = ':', ["semi"] = ';',
        ["equals"] = '=', ["quest"] = '?', ["commat"] = '@', ["lsqb"] = '[', ["lbrack"] = '[', ["bsol"] = '\\', ["rsqb"] = ']', ["rbrack"] = ']',
        ["Hat"] = '^', ["lowbar"] = '_', ["UnderBar"] = '_', ["grave"] = '`', ["DiacriticalGrave"] = '`', ["lcub"] = '{', ["lbrace"] = '{',
        ["verbar"] = '|', ["vert"] = '|', ["VerticalLine"] = '|', ["rcub"] = '}', ["rbrace"] = '}', ["lsquo"] = '\'', ["rsquo"] = '\'',
        ["ldquo"] = '"', ["rdquo"] = '"', ["fjlig"] = 'f', ["shy"] = '\u00AD', ["zwnj"] = '\u200C', ["zwj"] = '\u200D', ["ZeroWidthSpace"] = '\u200B',
        ["NoBreak"] = '\u2060', ["lrm"] = '\u200E', ["rlm"] = '\u200F', ["InvisibleTimes"] = '\u2062', ["InvisibleComma"] = '\u2063',
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, char>.AlternateLookup<ReadOnlySpan<char>> Lookup = Names.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The names browsers accept without a semicolon.</summary>
    private static readonly string[] s_withoutSemicolon = ["amp", "AMP", "lt", "LT", "gt", "GT", "quot", "QUOT", "nbsp", "shy"];

    /// <summary>Whether authors of HTML write the name out of need, so that it hides nothing.</summary>
    public static bool IsOrdinary(ReadOnlySpan<char> name)
        => name is "amp" or "lt" or "gt" or "quot" or "apos" or "nbsp" or "lsquo" or "rsquo" or "ldquo" or "rdquo" or "ensp" or "emsp" or "thinsp" or "shy";

    /// <summary>What a name stands for.</summary>
    public static bool TryFind(ReadOnlySpan<char> name, out char c) => Lookup.TryGetValue(name, out c);

    /// <summary>The name, of those that need no semicolon, that a text begins with; empty when there is none.</summary>
    public static string Prefix(ReadOnlySpan<char> text)
    {
        foreach (var name in s_withoutSemicolon)
        {
            if (text.StartsWith(name, StringComparison.Ordinal))
            {
                return name;
            }
        }

        return "";
    }
}
