using System.Globalization;
using System.Text;

namespace AgentGate.Benchmarks.Differential;

/// <summary>The values and the spellings the generator chooses from: ordinary ones, those at the edge, and a few past it.</summary>
internal static class GenText
{
    public static readonly IReadOnlyList<string> Strings =
        ["", "a", "b", "ab", "abc", "admin", "x y", "ünï", "\U0001F600", "*", "a*b", "\\", "\"q\"", "it's", "line\nbreak", "\0", "\u200b", "ADMIN", "aaaaaaaaab", "// no comment"];

    public static readonly IReadOnlyList<string> Longs =
        ["0", "1", "2", "3", "7", "10", "42", "100", "3600", "-1", "-2", "-7", "9223372036854775807", "-9223372036854775808", "-9223372036854775807", "4611686018427387904", "3037000500", "9007199254740993", "00012"];

    /// <summary>Integers that a JavaScript number holds exactly.</summary>
    public static readonly IReadOnlyList<long> JsonLongs = [0, 1, 2, 3, 7, 10, 42, 100, -1, -7, 9007199254740991, -9007199254740991, 3600, 86400];

    public static readonly IReadOnlyList<string> Ips =
        ["127.0.0.1", "10.0.0.1", "10.0.0.0/8", "10.1.2.3", "192.168.1.0/24", "192.168.1.77", "224.0.0.1", "239.255.255.255/32", "0.0.0.0/0", "255.255.255.255", "::1", "::", "::/0", "ff00::1", "ff02::/16", "2001:db8::1", "2001:db8::/32", "fe80::1:2:3:4"];

    public static readonly IReadOnlyList<string> Decimals =
        ["0.0", "0.1", "0.10", "1.5", "-1.2345", "10.25", "99.9999", "-0.0001", "922337203685477.5807", "-922337203685477.5808", "00001.50"];

    public static readonly IReadOnlyList<string> Datetimes =
        ["2024-01-01", "2024-02-29", "1970-01-01", "1970-01-01T00:00:00Z", "2024-10-15T11:35:00.123Z", "2024-10-15T11:35:00+0500", "2024-10-15T23:35:00.001-1130", "1969-12-31T23:59:59.999Z", "0000-01-01", "9999-12-31T23:59:59.999Z", "1900-06-15"];

    public static readonly IReadOnlyList<string> Durations =
        ["0ms", "1ms", "1s", "1m", "1h", "1d", "1h30m", "2d3h4m5s6ms", "-1d", "-5m10s", "100ms", "90061001ms", "-1ms", "106751991167d", "9223372036854775807ms", "-9223372036854775808ms"];

    private static readonly IReadOnlyList<string> s_badIps = ["300.1.1.1", "10.0.0.1/33", "::ffff:1.2.3.4", "01.2.3.4", "1.2.3", "", "127.0.0.1/08", "::1/129", "1.2.3.4 ", "1::2::3"];
    private static readonly IReadOnlyList<string> s_badDecimals = ["1", "1.", ".5", "1.23456", "922337203685477.5808", "-922337203685477.5809", "1e3", "", "+1.0", "1.0 "];
    private static readonly IReadOnlyList<string> s_badDatetimes =
        ["2024-02-30", "2024-1-1", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00+2400", "2016-12-31T23:59:60Z", "", "2024-01-01T00:00:00", "2023-02-29", "2024-13-01", "2024-01-01T00:00:00.12Z", "-001-01-01", "2024-01-01T00:00:00+0060"];

    private static readonly IReadOnlyList<string> s_badDurations = ["", "1", "1m1h", "1d1d", "9223372036854775808ms", "+1d", "d", "1.5h", "-", "1 d", "106751991168d", "1s1m"];

    /// <summary>What stands in the parentheses of a constructor.</summary>
    public static string Extension(GenType.Simple type, bool valid, Dice dice) => dice.Of(type.Name switch
    {
        "ipaddr" => valid ? Ips : s_badIps,
        "decimal" => valid ? Decimals : s_badDecimals,
        "datetime" => valid ? Datetimes : s_badDatetimes,
        _ => valid ? Durations : s_badDurations,
    });

    /// <summary>The function that makes values of an extension type.</summary>
    public static string Constructor(GenType.Simple type) => type.Name == "ipaddr" ? "ip" : type.Name;

    /// <summary>A string literal, some characters written with one of the escapes there are.</summary>
    public static string Quote(string value, Dice? dice = null)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            var style = dice?.Below(24) ?? 23;
            _ = rune.Value switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append(style < 12 ? "\\n" : "\n"),
                '\0' => text.Append("\\0"),
                '\'' when style < 12 => text.Append("\\'"),
                < 0x80 when style == 0 => text.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}"),
                _ when style is 1 or 2 => text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X}}}"),
                _ => text.Append(rune.ToString()),
            };
        }

        return text.Append('"').ToString();
    }

    /// <summary>A pattern for <c>like</c>, with wildcards and, sometimes, an escaped star.</summary>
    public static string Pattern(Dice dice)
    {
        var text = new StringBuilder("\"");
        for (var pieces = dice.Below(4); pieces >= 0; pieces--)
        {
            var piece = Quote(dice.Of(Strings), dice)[1..^1];
            text.Append(piece.Replace("*", dice.OneIn(2) ? "\\*" : "*", StringComparison.Ordinal)).Append(dice.Percent(70) ? "*" : "");
        }

        return text.Append('"').ToString();
    }

    /// <summary>Whether a name can stand after a dot.</summary>
    public static bool IsIdentifier(string name)
        => name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && name is not ("if" or "in" or "is" or "like" or "has" or "then" or "else" or "true" or "false");
}
