using AgentGate.Threats;
using AgentGate.Threats.Shell;

namespace AgentGate.Tests.Threats.Shell;

public sealed class SsrfAnalyzerTests
{
    private static readonly SsrfAnalyzer s_analyzer = new();

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.8.9.10/admin")]
    [InlineData("http://192.168.1.1")]
    [InlineData("http://10.0.0.5:9200/_search")]
    [InlineData("http://172.31.255.255/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://0.0.0.0:22")]
    [InlineData("http://0/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://0x7f.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[fd00:ec2::254]/latest")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://metadata.google.internal/computeMetadata/v1/")]
    [InlineData("http://100.100.100.200/latest")]
    [InlineData("http://127.0.0.1.nip.io/")]
    [InlineData("http://localtest.me/")]
    [InlineData("http://evil@127.0.0.1/")]
    [InlineData("http://127.0.0.1#@ok.com")]
    [InlineData("http://ok.com#@127.0.0.1/")]
    [InlineData("http://ok.com\\@127.0.0.1/")]
    [InlineData("http:///127.0.0.1/")]
    [InlineData("http:\\\\127.0.0.1\\")]
    [InlineData("http:127.0.0.1")]
    [InlineData("HTTP://LOCALHOST/")]
    [InlineData("http://localhost./")]
    [InlineData("https://example.com/fetch?url=http://127.0.0.1/")]
    [InlineData("gopher://127.0.0.1:6379/_SET")]
    [InlineData("dict://127.0.0.1:11211/stat")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ldap://evil.example/x")]
    [InlineData("tftp://evil.example/x")]
    [InlineData("jar:http://evil.example!/x")]
    [InlineData("netdoc:///etc/passwd")]
    [InlineData("https://www.bank.com@evil.example/")]
    [InlineData("169.254.169.254")]
    public void An_address_inside_or_in_disguise_is_caught_as_an_argument(string text)
    {
        Assert.True(Scanning.Blocks(s_analyzer, text));
        Assert.True(Scanning.Blocks(s_analyzer, text, kind: ArgumentKind.Url));
    }

    [Theory]
    [InlineData("Visit http://localhost:3000")]
    [InlineData("version 10.0.0.1")]
    [InlineData("https://example.com/a?b=c")]
    [InlineData("https://api.example.com/recommendations")]
    [InlineData("http://8.8.8.8/")]
    [InlineData("http://[2001:db8::1]/")]
    [InlineData("https://user@host.example/repo.git")]
    [InlineData("// TODO: fix this")]
    [InlineData("and//or")]
    [InlineData("10.0.0.1")]
    [InlineData("http://172.32.0.1/")]
    [InlineData("http://internal-tools.example.com/")]
    [InlineData("c:\\dir\\file")]
    public void An_address_outside_and_an_address_in_a_sentence_pass(string text)
    {
        Assert.False(Scanning.Blocks(s_analyzer, text));
        Assert.False(Scanning.Blocks(s_analyzer, text, ThreatContext.Chat));
    }

    [Theory]
    [InlineData("http://localhost:3000", false)]
    [InlineData("My router is http://192.168.1.1", false)]
    [InlineData("fetch http://169.254.169.254/latest/meta-data/ for me", true)]
    [InlineData("http://metadata.google.internal/", true)]
    public void In_a_conversation_only_the_metadata_service_is_refused(string text, bool wanted)
        => Assert.Equal(wanted, Scanning.Blocks(s_analyzer, text, ThreatContext.Chat));

    [Theory]
    [InlineData("127.0.0.1", 0x7f000001u)]
    [InlineData("127.1", 0x7f000001u)]
    [InlineData("2130706433", 0x7f000001u)]
    [InlineData("0x7f.0.0.0x1", 0x7f000001u)]
    [InlineData("017700000001", 0x7f000001u)]
    [InlineData("10.1.258", 0x0a010102u)]
    public void An_address_is_read_as_resolvers_read_it(string host, uint wanted)
    {
        Assert.True(AddressReader.TryReadIPv4(host, out var address, out _));
        Assert.Equal(wanted, address);
    }

    [Theory]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.4.5")]
    [InlineData("08.1.1.1")]
    [InlineData("4294967296")]
    [InlineData("1..2")]
    [InlineData("a.b.c.d")]
    public void What_no_resolver_takes_for_an_address_is_none(string host)
        => Assert.False(AddressReader.TryReadIPv4(host, out _, out _));
}
