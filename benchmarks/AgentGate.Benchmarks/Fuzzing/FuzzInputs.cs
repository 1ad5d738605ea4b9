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
        "http://", "[::1]", "0x7f.1", "169.254.169.254", "@", "gopher://", "; cat /etc/passwd", "$(", "`", "${", "<<<EOF", "|&", "2>&1", "$IFS", "dd of=", "rm -rf ", "{cat,x}",
        "*)(uid=*", "(|(", "{\"$ne\":null}", "$where", "{{7*7}}", "{%", "<%=", "#{", "\r\nSet-Cookie: a", "\r\n\r\n", "{\"a\":\"", "[\"", "\"}", "\"", "'",
        "```\n", "~~~", "\u200b", "\uff07", "\u2025", "\ud835\udc00", "\ud835", "\udc00", "\0", "\u0301", "\ufeff", "data:text/html;base64,", "PHNjcmlwdD4=", "+", " ", "\t",
        "((((((((", "))))))))", "aaaaaaaaaaaaaaaa", "1111111111111111", "====", "''''''''", "\"\"\"\"", "<<<<<<<<", "&&&&&&&&", "%%%%%%%%", "\\\\\\\\\\\\\\\\", "////////",
    ];

    /// <summary>What most inputs are cut to: attacks are short, and many short inputs reach more than few long ones.</summary>
    private const int UsualLength = 160;

    /// <summary>An input; the same for the same run and number.</summary>
    public string Make(ulong seed, long number)
    {
        var random = FuzzRandom.Of(seed, number);
        var isLong = random.Below(64) == 0;
        var text = random.Below(16) == 0 ? Noise(ref random) : isLong ? random.Of(corpus) : Cut(random.Of(corpus), 16 + random.Below(64), ref random);
        for (var changes = random.Below(5); changes > 0; changes--)
        {
            text = Change(text, ref random, isLong);
        }

        var max = isLong ? MaxLength : UsualLength;
        return text.Length > max ? text[..max] : text;
    }

    private static string Cut(string text, int length, ref FuzzRandom random)
        => text.Length <= length ? text : text.Substring(random.Below(text.Length - length), length);

    private string Change(string text, ref FuzzRandom random, bool isLong)
    {
        var at = random.Below(text.Length + 1);
        switch (random.Below(12))
        {
            case 0:
                return text.Insert(at, random.Of(Pieces));
            case 1:
                return string.Concat(text.AsSpan(at), text.AsSpan(0, at));
            case 2:
                return string.Concat(text.AsSpan(0, at), isLong ? random.Of(corpus) : Cut(random.Of(corpus), 48, ref random));
            case 3:
                return string.Concat(Enumerable.Repeat(random.Of(Pieces), 1 + random.Below(isLong ? 24 : 6))) + text;
            case 4:
                return text.Remove(at, Math.Min(random.Below(8), text.Length - at));
            case >= 5 and <= 8 and var form:
                return Encode(text, ref random, form);
            case 9:
                return "{\"k\":\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"}";
            case 10:
                return Encode(text, ref random, 10);
            default:
                return text.Insert(at, ((char)random.Below(0x10000)).ToString());
        }
    }

    private static string Encode(string text, ref FuzzRandom random, int form)
    {
        var encoded = new StringBuilder(text.Length * 2);
        var share = 1 + random.Below(6);
        foreach (var c in text.AsSpan(0, Math.Min(text.Length, MaxLength / 4)))
        {
            if (random.Below(share) != 0)
            {
                encoded.Append(c);
                continue;
            }

            _ = form switch
            {
                5 => encoded.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}"),
                6 => encoded.Append(CultureInfo.InvariantCulture, $"&#{(int)c};"),
                7 => encoded.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                8 => encoded.Append(c is > ' ' and < '\x7f' ? (char)(c - '!' + '\uff01') : c),
                _ => encoded.Append('\u200b').Append(char.ToUpperInvariant(c)),
            };
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
