using AgentGate.Threats;
using AgentGate.Threats.Shell;

namespace AgentGate.Tests.Threats.Shell;

public sealed class PathAnalyzerTests
{
    private static readonly PathAnalyzer s_analyzer = new();

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData(@"..\..\..\windows\system32")]
    [InlineData("%2e%2e%2f%2e%2e%2f")]
    [InlineData("..%c0%af..%c0%afetc/passwd")]
    [InlineData("%252e%252e%252f%252e%252e%252fboot.ini")]
    [InlineData("%%32%65%%32%65%%32%66%%32%65%%32%65%%32%66boot.ini")]
    [InlineData("%uff0e%uff0e%u2215%uff0e%uff0e%u2215etc%u2215passwd")]
    [InlineData("0x2e0x2e0x2f0x2e0x2e0x2fetc0x2fpasswd")]
    [InlineData("..2f..2f..2fetc2fpasswd")]
    [InlineData("%e0%80%ae%e0%80%ae/%e0%80%ae%e0%80%ae/etc/issue")]
    public void A_climb_out_of_the_folder_is_caught_in_every_encoding_and_context(string text)
    {
        Assert.True(Scanning.Blocks(s_analyzer, text));
        Assert.True(Scanning.Blocks(s_analyzer, text, ThreatContext.Chat));
        Assert.False(Scanning.Blocks(s_analyzer, text, ThreatContext.Code));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/proc/self/environ")]
    [InlineData("/root/.ssh/id_rsa")]
    [InlineData(@"C:\Windows\win.ini")]
    [InlineData("C:/boot.ini")]
    [InlineData("/.//.//etc//passwd")]
    [InlineData("/var/log/auth.log")]
    [InlineData("WEB-INF/web.xml")]
    [InlineData(".git/config")]
    [InlineData("app/.aws/credentials")]
    [InlineData("....//....//secret.txt")]
    [InlineData("..;/..;/manager/html")]
    [InlineData("/../../../x")]
    [InlineData("report.php%00.png/")]
    [InlineData("php://filter/convert.base64-encode/resource=index.php")]
    [InlineData("expect://id")]
    [InlineData("http://host/index.php?page=/etc/passwd")]
    public void A_place_of_the_system_or_a_trick_is_caught_as_an_argument(string text) => Assert.True(Scanning.Blocks(s_analyzer, text));

    [Theory]
    [InlineData("/home/user/report.txt")]
    [InlineData("docs/../README.md")]
    [InlineData("src/a/b/../../c.ts")]
    [InlineData("./src/app.ts")]
    [InlineData(@"C:\Users\me\file.txt")]
    [InlineData("../images/logo.png")]
    [InlineData("<a href=\"../\">foo.com</a>")]
    [InlineData("I think so... maybe/not")]
    [InlineData("12/05/2022")]
    [InlineData("Foo and 80's Foo / Bar")]
    [InlineData("100%25 sure")]
    [InlineData("https://example.com/a/b?c=d")]
    [InlineData("Find all files in /etc that were changed")]
    [InlineData("wait .. ; what ..; We")]
    public void An_ordinary_path_or_text_passes(string text)
    {
        Assert.False(Scanning.Blocks(s_analyzer, text));
        Assert.False(Scanning.Blocks(s_analyzer, text, ThreatContext.Chat));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("What is in /etc/passwd?")]
    [InlineData("import { x } from '../../../lib/util'")]
    [InlineData("cd ../.. and run make")]
    public void In_a_conversation_paths_are_talked_about(string text) => Assert.False(Scanning.Blocks(s_analyzer, text, ThreatContext.Chat));

    [Fact]
    public void A_declared_path_may_not_leave_its_folder_by_a_single_step()
    {
        Assert.True(Scanning.Blocks(s_analyzer, "../secrets.txt", kind: ArgumentKind.Path));
        Assert.False(Scanning.Blocks(s_analyzer, "a/../secrets.txt", kind: ArgumentKind.Path));
    }

    [Theory]
    [InlineData("../")]
    [InlineData("%2e%2e%2f")]
    [InlineData("%")]
    [InlineData("a/../")]
    [InlineData("..;")]
    [InlineData("%%32")]
    [InlineData("?")]
    public void Reading_takes_at_most_one_step_for_each_character(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, 20_000));
        Span<char> resolved = stackalloc char[64];
        var reader = new PathReader(text, resolved);
        var end = 0;

        while (reader.Next(out var facts))
        {
            Assert.True(facts.Start >= end);
            end = facts.Start + facts.Length;
        }

        Assert.True(end <= text.Length);
        Assert.True(reader.Steps <= 2 * text.Length);
    }
}
