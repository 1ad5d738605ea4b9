using AgentGate.Threats;
using AgentGate.Threats.Html;

namespace AgentGate.Tests.Threats.Html;

public sealed class HeaderTests
{
    [Theory]
    [InlineData("%0d%0aSet-Cookie:%20a=b")]
    [InlineData("%0d%0aLocation:%20https://collect.example")]
    [InlineData("/%0D%0ASet-Cookie: a=b;domain=.example.com;")]
    [InlineData("?q=a%0AContent-Length:0")]
    [InlineData("%250d%250aSet-Cookie:a=b")]
    [InlineData("%%0a0aSet-Cookie:a=b")]
    [InlineData("%u000aSet-Cookie: a=b")]
    [InlineData("%E5%98%8A%E5%98%8DSet-Cookie:a=b")]
    [InlineData("foo%0d%0aHTTP/1.1 200 OK%0d%0aContent-Type: text/html")]
    public void A_field_behind_a_hidden_line_break_is_caught(string text) => Judge.Caught(text);

    [Theory]
    [InlineData("en\r\nSet-Cookie: sess=1")]
    [InlineData("en\nLocation: https://collect.example")]
    [InlineData("\\r\\nSet-Cookie: a=b")]
    [InlineData("/%0d%0aheader:header")]
    [InlineData("victim@example.com%0ABcc:all@example.com")]
    [InlineData("victim@example.com\nBcc: all@example.com")]
    public void A_value_that_goes_over_into_a_header_counts_in_arguments(string text)
    {
        Judge.CaughtAsArgument(text);
        Judge.CleanInChat(text);
    }

    [Theory]
    [InlineData("line1\nline2")]
    [InlineData("Dear John,\nSubject: meeting\nLocation: Room 4\nSee you")]
    [InlineData("From: a@b.c\nTo: d@e.f\nSubject: hi\n\nHello")]
    [InlineData("GET / HTTP/1.1\nHost: example.com\nCookie: a=b")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>")]
    [InlineData("Paris\nLocation: France")]
    [InlineData("Fix the build\n\nRefs: #12\nReviewed-by: Bob")]
    [InlineData("100%0 discount: none")]
    public void Texts_of_many_lines_and_whole_messages_pass(string text) => Judge.Clean(text);

    [Fact]
    public void Severity_is_medium()
    {
        var hits = new AgentGate.Threats.Detection.ThreatHits();
        new HeaderAnalyzer().Analyze(new AgentGate.Threats.Detection.ThreatText("%0d%0aSet-Cookie: a=b", ThreatContext.Argument), hits);

        Assert.Equal(ThreatSeverity.Medium, Assert.Single(hits.Found).Severity);
    }
}
