using System.Globalization;
using System.Text;

namespace AgentGate.Benchmarks.Threats;

/// <summary>The texts whose judging is timed: plain ones, one full of attacks, and one for every way to make a reader work.</summary>
internal static class ThreatTexts
{
    public const int Length = 1 << 18;

    public static readonly IReadOnlyList<(string Name, string Text)> All =
    [
        ("clean prose", Fill(_ => "The committee met in the old library and agreed that the bridge should be repaired before winter, "
            + "although some members would have preferred to wait for the report. ")),
        ("prose with quotes", Fill(_ => "It's the members' view that they'd wait; \"why not?\" said one, and the others didn't answer. ")),
        ("curly quotes, accents", Fill(_ => "C\u2019est l\u2019\u00e9t\u00e9 \u2014 \u201cd\u00e9j\u00e0 vu\u201d, dit-il, et na\u00efve. ")),
        ("Cyrillic prose", Fill(_ => "\u041a\u043e\u043c\u0438\u0442\u0435\u0442 \u0441\u043e\u0431\u0440\u0430\u043b\u0441\u044f \u0432 \u0431\u0438\u0431\u043b\u0438\u043e\u0442\u0435\u043a\u0435. ")),
        ("JSON arguments", Fill(i => string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\":{1_000_000_007L * (i + 3) % 9_999_999_967L},\"sku\":\"B0{i * 7919 % 99999:D5}X\",\"title\":\"oak chair\",\"price\":{i % 900}.50,\"at\":\"2026-03-{(i % 28) + 1:D2}T10:{i % 60:D2}:00Z\"}},"))),
        ("source code", Fill(i => $"    if (items[{i % 64}].count_of > limit) {{ return this.find_item(key: \"entry-{i % 97}\", depth = {i % 9}); }}\n")),
        ("dirty", Fill(_ => "'; DROP TABLE users; -- <script>alert(1)</script> ../../etc/passwd $(cat x) http://127.0.0.1 *)(uid=* {{7*7}} ")),
        ("percent-encoded", Fill(_ => "%27%20OR%201%3D1%20--%20")),
        ("percent in percent", Fill(_ => "%252525")),
        ("percent signs", new string('%', Length)),
        ("entities", Fill(_ => "&#x3c;&amp;lt;&colon;")),
        ("ampersands", new string('&', Length)),
        ("entity with zeros", "&#" + new string('0', Length - 2)),
        ("escapes", Fill(_ => @"\x27\u0022\047")),
        ("backslashes", new string('\\', Length)),
        ("single quotes", new string('\'', Length)),
        ("double quotes", new string('"', Length)),
        ("backticks", new string('`', Length)),
        ("slashes", new string('/', Length)),
        ("dot dot slash", Fill(_ => "../")),
        ("less-than signs", new string('<', Length)),
        ("open tags", Fill(_ => "<a ")),
        ("parentheses", new string('(', Length)),
        ("$( $( $(", Fill(_ => "$(")),
        ("comment openers", Fill(_ => "/*")),
        ("dashes", new string('-', Length)),
        ("braces", new string('{', Length)),
        ("open braces, quotes", Fill(_ => "{\"")),
        ("JSON in JSON", "[\"" + Fill(_ => "\\\"")[..(Length - 4)] + "\"]"),
        ("quotes and ors", Fill(_ => "' or ")),
        ("select select", Fill(_ => "select ")),
        ("semicolons", Fill(_ => "; ")),
        ("pipes", Fill(_ => "| ")),
        ("http://http://", Fill(_ => "http://")),
        ("line breaks", Fill(_ => "\r\n")),
        ("full-width", Fill(_ => "\uff33\uff25\uff2c\uff25\uff23\uff34\u3000")),
        ("zero-width", Fill(_ => "a\u200b")),
    ];

    private static string Fill(Func<int, string> piece)
    {
        var text = new StringBuilder(Length + 512);
        for (var i = 0; text.Length < Length; i++)
        {
            text.Append(piece(i));
        }

        return text.ToString(0, Length);
    }
}
