using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Threats;

namespace AgentGate.Tests.Threats.Rules;

public sealed class ThreatToolRulesTests
{
    private static string? Code(Verdict verdict) => (verdict as Verdict.Deny)?.Code;

    [Theory]
    [InlineData("hello world")]
    [InlineData("notes/today.txt")]
    [InlineData("see /etc for the settings")]
    [InlineData("/home/me/work")]
    [InlineData("C:/data/cars.csv")]
    [InlineData("../images/cat.png")]
    [InlineData("etc/passwords.txt")]
    [InlineData("/etcetera")]
    [InlineData("./run")]
    [InlineData("a/../b.txt")]
    [InlineData("~/notes.txt")]
    [InlineData("~ 20 km")]
    [InlineData("and/or, yes/../no: see the /etc folder")]
    public void The_shipped_paths_block_no_prose_and_no_ordinary_path(string text)
        => Assert.Null(Code(new ThreatFixture(Only).Argument(text)));

    [Theory]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("/etc/ssl/key.pem")]
    [InlineData("/ETC/ssl")]
    [InlineData("//etc//ssl")]
    [InlineData("/var/../etc/ssl")]
    [InlineData("/./etc/./ssl")]
    [InlineData("../../etc/ssl")]
    [InlineData("%2fetc%2fssl")]
    [InlineData("\uff0fetc\uff0fssl")]
    [InlineData("file:///etc/ssl")]
    [InlineData("file://localhost/etc/ssl")]
    [InlineData(@"C:\Windows\System32")]
    [InlineData("c:/windows")]
    [InlineData("C:")]
    [InlineData("/etc/ssl%00.txt")]
    [InlineData("data/../../../etc/ssl")]
    [InlineData("./../../etc/ssl")]
    [InlineData(@"data\..\..\..\etc\ssl")]
    [InlineData(@"\\?\C:\Windows\System32")]
    [InlineData(@"\\.\C:\Windows\System32")]
    public void A_shipped_path_is_blocked_in_every_spelling(string text)
        => Assert.Equal(Codes.ThreatBlockedPath, Code(new ThreatFixture(Only).Argument(text)));

    [Fact]
    public void Nested_arguments_are_compared_too()
        => Assert.Equal(Codes.ThreatBlockedPath, Code(new ThreatFixture(Only).Tool("""{"a":[{"b":"/etc/ssl"}],"c":"{\"d\":1}"}""")));

    [Fact]
    public void The_shipped_paths_can_be_switched_off_and_others_named()
    {
        var own = new ThreatFixture(options =>
        {
            Only(options);
            options.UseShippedPaths = false;
            options.BlockPaths.Add("/srv/secret/");
        });

        Assert.Null(Code(own.Argument("/etc/ssl")));
        Assert.Equal(Codes.ThreatBlockedPath, Code(own.Argument("/srv/secret/a")));
        Assert.Equal(Codes.ThreatBlockedPath, Code(own.Argument("/srv/secret")));
        Assert.Null(Code(own.Argument("/srv/secrets")));
    }

    [Fact]
    public void A_home_folder_can_be_named()
    {
        var own = new ThreatFixture(options =>
        {
            Only(options);
            options.BlockPaths.Add("~/payroll");
        });

        Assert.Equal(Codes.ThreatBlockedPath, Code(own.Argument("~/payroll/may.csv")));
        Assert.Equal(Codes.ThreatBlockedPath, Code(own.Argument("~/data/../payroll/may.csv")));
        Assert.Null(Code(own.Argument("~/payrolls")));
    }

    [Theory]
    [InlineData("drop   database prod")]
    [InlineData("please DROP\tDATABASE prod")]
    [InlineData("%44ROP DATABASE prod")]
    [InlineData("\uff24\uff32\uff2f\uff30 DATABASE prod")]
    [InlineData("""{"q":"DROP DATABASE \u0070rod"}""")]
    public void A_pattern_is_compared_with_every_reading(string text)
        => Assert.Equal(Codes.ThreatBlockedPattern, Code(Patterns("DROP DATABASE * prod", "DROP DATABASE prod").Argument(text)));

    [Fact]
    public void A_star_in_a_pattern_stands_for_any_text()
    {
        var blocking = Patterns("wire * to *offshore");

        Assert.Equal(Codes.ThreatBlockedPattern, Code(blocking.Argument("please wire 100 to the offshore account")));
        Assert.Null(Code(blocking.Argument("wire it to the office")));
        Assert.Null(Code(blocking.Argument("to offshore, wire")));
    }

    [Fact]
    public void Patterns_are_about_arguments_and_not_about_talk()
        => Assert.Null(Code(Patterns("blue moon").Chat("once in a blue moon")));

    [Fact]
    public void An_allow_list_means_only_these()
    {
        var allowing = new ThreatFixture(options => options.AllowTools.Add("read_*"));

        Assert.Null(Code(allowing.Argument("x", "read_file")));
        Assert.Equal(Codes.ThreatTool, Code(allowing.Argument("x", "write_file")));
        Assert.Equal(Codes.ThreatTool, Code(allowing.Argument("x", "READ_file")));
    }

    [Fact]
    public void A_blocked_tool_is_blocked_also_when_it_is_allowed()
    {
        var both = new ThreatFixture(options =>
        {
            options.AllowTools.Add("*");
            options.BlockTools.Add("delete_*");
        });

        Assert.Equal(Codes.ThreatTool, Code(both.Argument("x", "Delete_all")));
        Assert.Null(Code(both.Argument("x", "read")));
    }

    [Fact]
    public void A_rule_of_the_application_can_refuse()
    {
        var deny = Assert.IsType<Verdict.Deny>(new ThreatFixture(rules: new NoFridays()).Argument("on Friday"));

        Assert.Equal((Codes.ThreatRuleRefused, "no-fridays"), (deny.Code, deny.Findings[0].Rule));
        Assert.Null(Code(new ThreatFixture(rules: new NoFridays()).Argument("on Monday")));
    }

    private static ThreatFixture Patterns(params string[] patterns) => new(options =>
    {
        Only(options);
        foreach (var pattern in patterns)
        {
            options.BlockPatterns.Add(pattern);
        }
    });

    /// <summary>Switches the analysers off in arguments, so that only the rules speak.</summary>
    private static void Only(ThreatOptions options)
    {
        foreach (var family in Enum.GetNames<ThreatFamily>())
        {
            options.Families[family] = new FamilyActions { Argument = ThreatAction.Off };
        }
    }

    private sealed class NoFridays : IThreatRule
    {
        public string Name => "no-fridays";

        public bool Refuses(GateCall call)
        {
            foreach (var segment in call.Content.Segments)
            {
                if (segment.Text.Span.Contains("Friday", StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
