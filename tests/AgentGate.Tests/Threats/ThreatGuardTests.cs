using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Tests.Pii;
using AgentGate.Threats;

namespace AgentGate.Tests.Threats;

public sealed class ThreatGuardTests
{
    private const string Drop = "'; DROP TABLE users; --";
    private readonly ThreatFixture _threats = new();

    [Theory]
    [InlineData(Drop, Codes.ThreatSql)]
    [InlineData("rm -rf / --no-preserve-root", Codes.ThreatShell)]
    [InlineData("<script>alert(document.cookie)</script>", Codes.ThreatXss)]
    public void A_scenario_of_the_readme_is_denied_in_chat_with_its_code(string text, string code)
    {
        var deny = Assert.IsType<Verdict.Deny>(_threats.Chat(text));

        Assert.Equal((code, DenialKind.Invalid, null), (deny.Code, deny.Kind, deny.RetryAfter));
    }

    [Fact]
    public void A_denial_names_rule_severity_and_place_and_never_the_text()
    {
        var deny = Assert.IsType<Verdict.Deny>(_threats.Argument("%27%3B%20DROP%20TABLE%20users%3B%20--", name: "note"));

        var finding = deny.Findings.First(found => found.Note!.Contains("percent", StringComparison.Ordinal));
        Assert.StartsWith("sql.", finding.Rule, StringComparison.Ordinal);
        Assert.Equal("/note", finding.Address);
        Assert.Matches(@"^critical block @\d+\+\d+ percent$", finding.Note!);
        Assert.Contains("(sql.", deny.Reason, StringComparison.Ordinal);
        Assert.Contains("/note", deny.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("DROP", deny.Reason + finding, StringComparison.Ordinal);
        Assert.DoesNotContain("%27", deny.Reason + finding, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_holds_no_text_of_the_caller()
    {
        var deny = Assert.IsType<Verdict.Deny>(_threats.Tool($$$"""{"plain":{"no plain word":{{{ThreatFixture.JsonText(Drop)}}}}}"""));
        Assert.All(deny.Findings, finding => Assert.Equal("/plain/*", finding.Address));

        deny = Assert.IsType<Verdict.Deny>(_threats.Tool($$"""{ {{ThreatFixture.JsonText(Drop)}}: 1 }"""));
        Assert.All(deny.Findings, finding => Assert.Equal("/*", finding.Address));

        deny = Assert.IsType<Verdict.Deny>(new ThreatFixture(names: new NoNames()).Argument(Drop));
        Assert.All(deny.Findings, finding => Assert.Null(finding.Address));
    }

    [Fact]
    public void Numbers_and_parts_nobody_reads_are_left_alone()
        => Assert.Equal(Verdict.Allowed, _threats.Judge(
            Texts.Of((SegmentKind.Number, SegmentRole.ToolArguments, Drop), (SegmentKind.Unread, SegmentRole.ToolArguments, Drop)), GateActions.CallTool));

    [Fact]
    public void A_tool_result_is_flagged_and_not_blocked()
    {
        var verdict = Assert.IsType<Verdict.Allow>(_threats.Talk((SegmentRole.ToolResult, Drop)));

        Assert.All(verdict.Findings, finding => Assert.Contains(" flag @", finding.Note, StringComparison.Ordinal));
        Assert.NotEmpty(verdict.Findings);
        var strict = new ThreatFixture(options => options.Actions.Result.Critical = ThreatAction.Block);
        Assert.IsType<Verdict.Deny>(strict.Talk((SegmentRole.ToolResult, Drop)));
    }

    [Theory]
    [InlineData(SegmentRole.User)]
    [InlineData(SegmentRole.Assistant)]
    [InlineData(SegmentRole.System)]
    [InlineData(SegmentRole.Other)]
    public void Every_role_of_a_conversation_is_judged(SegmentRole role)
        => Assert.IsType<Verdict.Deny>(_threats.Talk((SegmentRole.User, "hello"), (role, Drop)));

    [Theory]
    [InlineData(GateActions.Embed)]
    [InlineData(GateActions.CountTokens)]
    public void What_is_embedded_or_counted_is_judged_as_talk(string action)
        => Assert.IsType<Verdict.Deny>(_threats.Judge(Texts.User(Drop), action));

    [Fact]
    public void A_fence_quotes_what_needs_an_interpreter_and_nothing_else()
    {
        Assert.IsNotType<Verdict.Deny>(_threats.Chat("Why does this fail?\n```sql\nDROP TABLE users;\n```\n"));
        Assert.IsType<Verdict.Deny>(_threats.Chat("Look:\n```html\n<script>alert(document.cookie)</script>\n```\n"));
        Assert.IsType<Verdict.Deny>(_threats.Argument("```\n" + Drop + "\n```"));
    }

    [Fact]
    public void Actions_are_configuration_by_context_severity_and_family()
    {
        var flagging = new ThreatFixture(options => options.Actions.Chat.Critical = ThreatAction.Flag);
        Assert.NotEmpty(Assert.IsType<Verdict.Allow>(flagging.Chat(Drop)).Findings);
        Assert.IsType<Verdict.Deny>(flagging.Argument(Drop));

        var off = new ThreatFixture(options => options.Families["sql"] = new FamilyActions { Chat = ThreatAction.Off });
        Assert.DoesNotContain(off.Chat(Drop).Findings, finding => finding.Rule.StartsWith("sql.", StringComparison.Ordinal));
        Assert.IsType<Verdict.Deny>(off.Argument(Drop));
    }

    [Theory]
    [InlineData("""{"a":"'; DROP TA","b":"BLE users; --"}""")]
    [InlineData("""{"a":"'; DROP","b":"TABLE users; --"}""")]
    [InlineData("""{"a":["'","; DROP TABLE"," users;"," --"]}""")]
    [InlineData("""{"a":{"b":"<svg onl"},"c":[["oad=al","ert(1)>"]]}""")]
    public void An_attack_cut_into_arguments_is_still_one(string json)
    {
        var deny = Assert.IsType<Verdict.Deny>(_threats.Tool(json));

        Assert.Contains(deny.Findings, finding => finding.Note!.Contains("joined", StringComparison.Ordinal));
    }

    [Fact]
    public void An_attack_cut_into_parts_of_a_message_is_still_one()
    {
        Assert.IsType<Verdict.Deny>(_threats.Talk((SegmentRole.User, "'; DROP TA"), (SegmentRole.User, "BLE users; --")));
        Assert.IsType<Verdict.Allow>(_threats.Talk((SegmentRole.User, "'; DROP TA"), (SegmentRole.Assistant, "I see."), (SegmentRole.User, "BLE users; --")));
    }

    [Theory]
    [InlineData("""{"first":"Tom's","second":"1 or 2, whatever","third":"select one"}""")]
    [InlineData("""{"title":"Select","body":"the union from Jerry's shop; drop by","tags":["--","a|b","C#"]}""")]
    [InlineData("""{"city":"Orinda, CA","unit":"\"","note":"it's > 5 & < 7"}""")]
    public void Plain_arguments_side_by_side_make_no_attack(string json)
        => Assert.IsType<Verdict.Allow>(_threats.Tool(json));

    [Fact]
    public void A_tool_declares_what_an_argument_is()
    {
        const string Query = "SELECT name FROM users WHERE id = 7";
        var declared = new ThreatFixture(tools: options => options.Arguments.Add(new() { Tool = "db_*", Argument = "query", Kind = ArgumentKind.Sql }));

        Assert.IsType<Verdict.Allow>(declared.Argument(Query, "db_read", "query"));
        Assert.IsType<Verdict.Deny>(declared.Argument("SELECT 1; DROP TABLE users; --", "db_read", "query"));
    }

    [Fact]
    public void Base64_is_judged_where_a_tool_declares_it()
    {
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Drop));
        var declared = new ThreatFixture(tools: options => options.Arguments.Add(new() { Argument = "/file/data", Base64 = true }));

        Assert.IsType<Verdict.Deny>(declared.Tool($$$"""{"file":{"data":"{{{encoded}}}"}}"""));
        Assert.IsType<Verdict.Allow>(declared.Tool($$$"""{"file":{"other":"{{{encoded}}}"}}"""));
    }

    [Fact]
    public void A_function_of_the_application_declares_its_arguments_too()
    {
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Drop));
        _threats.Catalog.Declare("upload", [new ToolArgument("data", ArgumentKind.Text, IsBase64: true)]);

        Assert.IsType<Verdict.Deny>(_threats.Argument(encoded, "upload", "data"));
        Assert.IsType<Verdict.Allow>(_threats.Argument(encoded, "download", "data"));
    }

    [Fact]
    public void A_document_full_of_attacks_fills_no_log()
    {
        var many = "[" + string.Join(',', Enumerable.Repeat(ThreatFixture.JsonText(Drop), 500)) + "]";

        Assert.InRange(Assert.IsType<Verdict.Deny>(_threats.Tool(many)).Findings.Length, 1, 16);
    }

    private sealed class NoNames : INameScreen
    {
        public bool MayGoOnRecord(string name) => false;
    }
}
