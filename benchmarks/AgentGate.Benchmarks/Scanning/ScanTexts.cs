using System.Globalization;
using System.Text;

namespace AgentGate.Benchmarks.Scanning;

/// <summary>The texts whose scanning is timed, one mebibyte each, the same in every run.</summary>
internal static class ScanTexts
{
    public const int Length = 1 << 20;

    public static readonly IReadOnlyList<(string Name, string Text)> All =
    [
        ("clean prose", Fill(_ => "The committee met in the old library and agreed that the bridge should be repaired before winter, "
            + "although some members would have preferred to wait for the report. ")),
        ("prose, hyphens and colons", Fill(_ => "Well-known people: a long-term view, re-reading the mother-in-law's letter; note: it is so. ")),
        ("JSON with ids", Fill(i => string.Create(CultureInfo.InvariantCulture,
            $"{{\"id\":{1_000_000_007L * (i + 3) % 9_999_999_967L},\"sku\":\"B0{i * 7919 % 99999:D5}X\",\"title\":\"oak chair\",\"price\":{i % 900}.50,\"at\":\"2026-03-{(i % 28) + 1:D2}T10:{i % 60:D2}:00Z\"}},"))),
        ("source code", Fill(i => $"    if (items[{i % 64}].count_of > limit) {{ return this.find_item(key: \"entry-{i % 97}\", depth = {i % 9}); }}\n")),
        ("dirty", Fill(i => string.Create(CultureInfo.InvariantCulture,
            $"Mail jo{i}@example.com, SSN {(i % 665) + 1:D3}-{(i % 98) + 1:D2}-{(i % 9998) + 1:D4}, call (415) 555-{i % 10000:D4}, from 10.{i % 255}.3.4, card 4111 1111 1111 1111. "))),
        ("digits", new string('7', Length)),
        ("single digits", Fill(_ => "1 2 3 4 5 6 7 8 9 0 ")),
        ("digit groups", Fill(_ => "123-45-678 9012 3456 78-90 ")),
        ("at signs", new string('@', Length)),
        ("a@a@a", Fill(_ => "a@")),
        ("a.a.a", Fill(_ => "a.")),
        ("a1.a1", Fill(_ => "a1.")),
        ("colons and hex", Fill(_ => "a:b:c::")),
        ("key=key=", Fill(_ => "token=")),
        ("nested prefixes", Fill(_ => "sk-sk-ghp_fm2_")),
        ("eyJ.eyJ", Fill(_ => "eyJhbGciOiJIUzI1NiJ9.")),
        ("hyphens", new string('-', Length)),
        ("BEGIN KEY", Fill(_ => "-----BEGIN PRIVATE KEY-----\u00e9")),
        ("full-width digits", Fill(_ => "\uFF11\uFF12\uFF13 \uFF14\uFF15 ")),
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
