using System.Globalization;
using System.Text;

namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>Makes inputs: pieces of a corpus, cut, joined, repeated, encoded and wrapped, and text that is no text at all.</summary>
internal sealed class FuzzInputs(IReadOnlyList<string> corpus)
{
    /// <summary>The most characters of an input; most are far shorter.</summary>
    public const int MaxLength = 4096;

    /// <summary>What a corpus always holds: openers, closers and escapes of every language that is read.</summary>
    public static readonly IReadOnlyList<string> Pieces =
    [
        "' OR '1'='1", "'; DROP TABLE users; --", "1 UNION SELECT * FROM users", "/**/", "/*!50000", "*/", "--", "#", "q'[", "$$", "N'", "0x27",
        "<script>", "</script>", "<svg/onload=", "javascript:", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///\">]>",
        "&#x", "&#0000000", "&lt", "&colon;", "%", "%2", "%25", "%u00", "%c0%ae", "\\x", "\\u{", "\\u00", "\\", "../", "..\\", "\\\\?\\", "file://", "%00",
        "http://", "[::1]", "0x7f.1", "169.254.169.254", "@", "gopher://", "; cat /etc/passwd", "$(", "`", "${", "<<<EOF", "|&", "2>&1", "$IFS", "{cat,x}",
        "*)(uid=*", "(|(", "{\"$ne\":null}", "$where", "{{7*7}}", "{%", "<%=", "#{", "\r\nSet-Cookie: a", "\r\n\r\n", "{\"a\":\"", "[\"", "\"}", "\"", "'",
        "```\n", "~~~", "\u200b", "\uff07", "\u2025", "\ud835\udc00", "\ud835", "\udc00", "\0", "\u0301", "\ufeff", "data:text/html;base64,", "PHNjcmlwdD4=", "+", " ", "\t",
        "((((((((", "))))))))", "aaaaaaaaaaaaaaaa", "1111111111111111", "====", "''''''''", "\"\"\"\"", "<<<<<<<<", "&&&&&&&&", "%%%%%%%%", "\\\\\\\\\\\\\\\\", "////////",
    ];

    /// <summary>An input; the same for the same run and number.</summary>
    public string Make(ulong seed, long number)
    {
        var random = FuzzRandom.Of(seed, number);
        var text = random.Below(16) == 0 ? Noise(ref random) : random.Of(corpus);
        for (var changes = random.Below(5); changes > 0; changes--)
        {
            text = Change(text, ref random);
        }

        return text.Length > MaxLength ? text[..MaxLength] : text;
    }

    private string Change(string text, ref FuzzRandom random)
    {
        var at = random.Below(text.Length + 1);
        switch (random.Below(12))
        {
            case 0:
                return text.Insert(at, random.Of(Pieces));
            case 1:
                return text[at..] + text[..at];
            case 2:
                return text[..at] + random.Of(corpus);
            case 3:
                return string.Concat(Enumerable.Repeat(random.Of(Pieces), 1 + random.Below(24))) + text;
            case 4:
                return text.Remove(at, Math.Min(random.Below(8), text.Length - at));
            case 5:
                return Encode(text, ref random, c => "%" + ((int)c).ToString("X2", CultureInfo.InvariantCulture));
            case 6:
                return Encode(text, ref random, c => "&#" + ((int)c).ToString(CultureInfo.InvariantCulture) + ";");
            case 7:
                return Encode(text, ref random, c => "\\x" + ((int)c).ToString("x2", CultureInfo.InvariantCulture));
            case 8:
                return Encode(text, ref random, c => c is > ' ' and < '\x7f' ? ((char)(c - '!' + '\uff01')).ToString() : c.ToString());
            case 9:
                return "{\"k\":\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"}";
            case 10:
                return Encode(text, ref random, c => "\u200b" + char.ToUpperInvariant(c));
            default:
                return text.Insert(at, ((char)random.Below(0x10000)).ToString());
        }
    }

    private static string Encode(string text, ref FuzzRandom random, Func<char, string> encode)
    {
        var encoded = new StringBuilder(text.Length * 2);
        var share = 1 + random.Below(6);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength / 4)))
        {
            encoded.Append(random.Below(share) == 0 ? encode(c) : c.ToString());
        }

        return encoded.ToString();
    }

    private static string Noise(ref FuzzRandom random)
    {
        var text = new char[random.Below(64)];
        var range = random.Of([0x80, 0x100, 0x3000, 0x10000]);
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (char)random.Below(range);
        }

        return new string(text);
    }
}
