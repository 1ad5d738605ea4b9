using System.Collections.Frozen;
using System.Globalization;

namespace AgentGate.Threats.Html;

/// <summary>Takes character references off attribute values (WHATWG HTML, section 13.2.5.72), as a browser does before it runs them.</summary>
internal static class HtmlValue
{
    /// <summary>The named references that stand for signs script and addresses are written with.</summary>
    private static readonly FrozenDictionary<string, char> s_named = new Dictionary<string, char>(StringComparer.OrdinalIgnoreCase)
    {
        ["amp"] = '&', ["lt"] = '<', ["gt"] = '>', ["quot"] = '"', ["apos"] = '\'', ["colon"] = ':', ["semi"] = ';', ["tab"] = '\t',
        ["newline"] = '\n', ["lpar"] = '(', ["rpar"] = ')', ["sol"] = '/', ["bsol"] = '\\', ["comma"] = ',', ["period"] = '.', ["equals"] = '=',
        ["lbrack"] = '[', ["lsqb"] = '[', ["rbrack"] = ']', ["rsqb"] = ']', ["lbrace"] = '{', ["lcub"] = '{', ["rbrace"] = '}', ["rcub"] = '}',
        ["grave"] = '`', ["diacriticalgrave"] = '`', ["plus"] = '+', ["num"] = '#', ["excl"] = '!', ["quest"] = '?', ["percnt"] = '%',
        ["dollar"] = '$', ["commat"] = '@', ["lowbar"] = '_', ["hyphen"] = '-', ["nbsp"] = ' ', ["ast"] = '*', ["vert"] = '|', ["hat"] = '^',
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, char>.AlternateLookup<ReadOnlySpan<char>> s_lookup = s_named.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The longest reference that is read; leading zeros count.</summary>
    private const int ReferenceMax = 24;

    /// <summary>Writes the value with its references replaced.</summary>
    /// <param name="value">The value as it stands.</param>
    /// <param name="buffer">At least as long as the value: no reference is shorter than what it stands for.</param>
    /// <returns>How much of the buffer is used.</returns>
    public static int Decode(ReadOnlySpan<char> value, Span<char> buffer)
    {
        var used = 0;
        while (true)
        {
            var index = value.IndexOf('&');
            if (index < 0)
            {
                value.CopyTo(buffer[used..]);
                return used + value.Length;
            }

            value[..index].CopyTo(buffer[used..]);
            used += index;
            var length = Reference(value[index..], out var c);
            buffer[used++] = length == 0 ? '&' : c;
            value = value[(index + Math.Max(1, length))..];
        }
    }

    /// <summary>Reads one reference at the start of a text; 0 if there is none.</summary>
    public static int Reference(ReadOnlySpan<char> text, out char c)
    {
        c = '\0';
        if (text.Length < 3)
        {
            return 0;
        }

        var reach = text[..Math.Min(text.Length, ReferenceMax)];
        if (reach[1] != '#')
        {
            var end = 1;
            while (end < reach.Length && char.IsAsciiLetterOrDigit(reach[end]))
            {
                end++;
            }

            return end < reach.Length && reach[end] == ';' && s_lookup.TryGetValue(reach[1..end], out c) ? end + 1 : 0;
        }

        var isHex = reach[2] is 'x' or 'X';
        var start = isHex ? 3 : 2;
        var at = start;
        while (at < reach.Length && (isHex ? char.IsAsciiHexDigit(reach[at]) : char.IsAsciiDigit(reach[at])))
        {
            at++;
        }

        if (at == start || !uint.TryParse(reach[start..at], isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code > char.MaxValue)
        {
            return 0;
        }

        c = (char)code;
        return at < reach.Length && reach[at] == ';' ? at + 1 : at;
    }
}
