using AgentGate.Threats;
using FsCheck.Xunit;

namespace AgentGate.Tests.Threats.Normalization;

public sealed class NormalFormTests
{
    [Theory]
    [InlineData("%27%20OR%201%3D1", "' OR 1=1")]
    [InlineData("%2527", "'")]
    [InlineData("%252527", "'")]
    [InlineData("%%32%37", "'")]
    [InlineData("%u0027", "'")]
    [InlineData("%uff07", "'")]
    [InlineData("..%c0%af..%c1%9c", "../..\\")]
    [InlineData("%c0%ae%e0%80%ae%f0%80%80%ae", "...")]
    [InlineData("%c0%2e%c0%2f", "./")]
    [InlineData("caf%C3%A9", "caf\u00e9")]
    [InlineData("Alca%F1ices", "Alca\u00f1ices")]
    [InlineData("1+union+select+2", "1 union select 2")]
    [InlineData("&lt;script&gt;", "<script>")]
    [InlineData("&LTscript&GT", "<script>")]
    [InlineData("&#60;&#x3C;&#0000060;&#x3c", "<<<<")]
    [InlineData("java&Tab;script&colon;", "java\tscript:")]
    [InlineData("&amp;lt;", "<")]
    [InlineData("%26lt%3B", "<")]
    [InlineData(@"\x27\u0027\047\u{27}", "''''")]
    [InlineData("\uff33\uff25\uff2c\uff25\uff23\uff34", "SELECT")]
    [InlineData("\U0001D42C\U0001D41E\U0001D425\U0001D41E\U0001D41C\U0001D42D", "select")]
    [InlineData("\u24e2\u24d4\u24db\u24d4\u24d2\u24e3", "select")]
    [InlineData("s\u0435l\u0435\u0441t", "select")]
    [InlineData("\u02bc OR 1\u2009=\u00a01", "' OR 1 = 1")]
    [InlineData("se\u200bl\u00ade\u2060c\ufefft", "select")]
    [InlineData("se\0lect", "select")]
    [InlineData("..\u2215..\u2044etc", "../../etc")]
    [InlineData("\u2025/\u2025/", "../../")]
    [InlineData("s\u0336e\u0336l\u0336ect", "select")]
    [InlineData("""{"a":"1\u0027 or"}""", "1' or")]
    [InlineData("""{"a":"{\"b\":\"deep\"}"}""", "deep")]
    [InlineData("%7B%22a%22%3A%22inner%22%7D", "inner")]
    [InlineData("data:text/html;base64,PHNjcmlwdD4=", "<script>")]
    public void The_last_reading_is_the_normal_form(string text, string expected)
        => Assert.Contains(expected, Readings.Of(text));

    [Theory]
    [InlineData("The committee met in the old library.")]
    [InlineData("100 % sure & happy \\ done")]
    [InlineData("AT&T; R&D; 5%of; \\d+")]
    [InlineData("a + b = c")]
    [InlineData("\u041f\U0001F600")]
    public void A_plain_text_is_read_once(string text)
        => Assert.Equal([text], Readings.Of(text));

    [Fact]
    public void The_text_as_it_stands_is_judged_first()
        => Assert.Equal(["%2527", "%27", "'"], Readings.Of("%2527"));

    [Fact]
    public void Base64_is_read_only_where_it_is_declared()
    {
        Assert.DoesNotContain("'; DROP", Readings.Of("JzsgRFJPUA=="));
        Assert.Contains("'; DROP", Readings.Of("JzsgRFJPUA==", isBase64: true));
        Assert.Contains("'; DROP", Readings.Of("JzsgRFJPUA", isBase64: true));
    }

    [Fact]
    public void A_nul_at_the_end_of_a_name_stays()
        => Assert.Contains("x.php\0.jpg", Readings.Of("x.php%00.jpg"));

    [Theory]
    [InlineData("a %27 b", "'", "%27")]
    [InlineData("a %2527 b", "'", "%2527")]
    [InlineData("x s\u200belect y", "select", "s\u200belect")]
    [InlineData("x &#x3c;b", "<b", "&#x3c;b")]
    [InlineData("""{"a":"it\u0027s"}""", "it's", @"it\u0027s")]
    [InlineData("%7B%22a%22%3A%22in%22%7D", "in", "in")]
    [InlineData("\uff33\uff25", "SE", "\uff33\uff25")]
    public void A_place_is_told_in_the_source(string text, string word, string expected)
        => Assert.Equal(expected, Readings.Source(text, word));

    [Fact]
    public void What_people_write_as_it_is_hides_nothing()
    {
        Assert.DoesNotContain(Readings.Seen("Fish &amp; chips"), seen => seen.IsDecoded);
        Assert.DoesNotContain(Readings.Seen("a%20b"), seen => seen.IsDecoded);
        Assert.Contains(Readings.Seen("%73elect"), seen => seen.IsDecoded);
        Assert.Contains(Readings.Seen("&#115;elect"), seen => seen.IsDecoded);
        Assert.Contains(Readings.Seen(@"\x73elect"), seen => seen.IsDecoded);
    }

    [Fact]
    public void Fenced_code_is_told_from_prose()
    {
        var seen = Readings.Seen("Look:\n```sql\nDROP\n```\nWhat now?\n~~~\nrest", context: ThreatContext.Chat);

        Assert.Equal(
            [("Look:\n", ThreatContext.Chat), ("DROP\n", ThreatContext.Code), ("What now?\n", ThreatContext.Chat), ("rest", ThreatContext.Code)],
            seen.Select(one => (one.Text, one.Context)));
    }

    [Fact]
    public void A_fence_counts_for_nothing_in_an_argument()
        => Assert.Equal(["```\nDROP\n```"], Readings.Of("```\nDROP\n```"));

    [Property]
    public bool Any_text_is_read_in_a_bounded_number_of_characters(string? text)
        => text is null || Readings.Of(text).Sum(reading => (long)reading.Length) <= 30L * text.Length + 64;

    [Theory]
    [InlineData("%25252525")]
    [InlineData("&amp;amp;amp;lt;")]
    [InlineData("\"\\\"\\\\\\\"")]
    [InlineData("{\"{\"{\"%7B%22")]
    [InlineData(";base64,;base64,")]
    [InlineData("[\"\\u005b\\u0022")]
    [InlineData("\u2025\uff05\uff12\uff15")]
    public void Nested_encodings_do_not_multiply_the_work(string piece)
    {
        var once = string.Concat(Enumerable.Repeat(piece, 200));
        var wrapped = $"[\"{once}\"]";

        foreach (var text in new[] { once, wrapped, wrapped + wrapped })
        {
            Assert.True(Readings.Of(text).Sum(reading => (long)reading.Length) <= 30L * text.Length);
        }
    }
}
