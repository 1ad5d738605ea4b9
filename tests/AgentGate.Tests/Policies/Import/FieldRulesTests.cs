using AgentGate.Policies.Import;

namespace AgentGate.Tests.Policies.Import;

/// <summary>The shape <c>rules[]</c>: conditions, operators, and priorities in a language that has none.</summary>
public sealed class FieldRulesTests
{
    private static PolicyTranslation Translate(string rules, string fallback = "deny")
        => ImportedCall.Translate($$"""{"policy_set_id":"s","version":"1","default_effect":"{{fallback}}","rules":[{{rules.Replace('\'', '"')}}]}""");

    private static string Rule(string id, string effect, string conditions, int priority = 0)
        => $"{{'rule_id':'{id}','effect':'{effect}','priority':{priority},'conditions':[{conditions}]}}";

    private static string Tool(string op, string value) => $"{{'field':'request.tool','operator':'{op}','value':{value}}}";

    private static bool Permits(PolicyTranslation translation, string tool, string? role = null, int hour = 12, string principal = "agent_1")
        => new ImportedCall { Action = tool, Path = null, Role = role, Hour = hour, Principal = principal }.IsPermitted(translation);

    [Theory]
    [InlineData("eq", "'read_file'", "read_file", true)]
    [InlineData("eq", "'read_file'", "read_files", false)]
    [InlineData("neq", "'read_file'", "read_file", false)]
    [InlineData("neq", "'read_file'", "other", true)]
    [InlineData("in", "['a','b']", "b", true)]
    [InlineData("in", "['a','b']", "c", false)]
    [InlineData("not_in", "['a','b']", "b", false)]
    [InlineData("not_in", "['a','b']", "c", true)]
    [InlineData("contains", "'file'", "read_file", true)]
    [InlineData("contains", "'file'", "read", false)]
    [InlineData("not_contains", "'file'", "read_file", false)]
    [InlineData("not_contains", "'file'", "read", true)]
    [InlineData("matches", "'^read_.*$'", "read_file", true)]
    [InlineData("matches", "'^read_'", "bread_file", false)]
    [InlineData("matches", "'file$'", "read_file", true)]
    [InlineData("matches", "'file$'", "read_files", false)]
    [InlineData("matches", "'d_f'", "read_file", true)]
    [InlineData("matches", "'^a\\\\.b$'", "a.b", true)]
    [InlineData("matches", "'^a\\\\.b$'", "axb", false)]
    [InlineData("exists", "null", "anything", true)]
    [InlineData("not_exists", "null", "anything", false)]
    public void An_operator_on_text_says_what_it_said(string op, string value, string tool, bool holds)
    {
        Assert.Equal(holds, Permits(Translate(Rule("r", "allow", Tool(op, value))), tool));
        Assert.Equal(!holds, Permits(Translate(Rule("r", "deny", Tool(op, value)), "allow"), tool));
    }

    [Theory]
    [InlineData("gt", "8", 9, 8)]
    [InlineData("gt", "8.5", 9, 8)]
    [InlineData("gte", "8", 8, 7)]
    [InlineData("gte", "8.5", 9, 8)]
    [InlineData("lt", "8", 7, 8)]
    [InlineData("lt", "8.5", 8, 9)]
    [InlineData("lte", "8", 8, 9)]
    [InlineData("lte", "'8'", 8, 9)]
    [InlineData("eq", "8", 8, 9)]
    [InlineData("neq", "8", 9, 8)]
    [InlineData("in", "[7,8]", 8, 9)]
    [InlineData("not_in", "[7,8]", 9, 8)]
    public void An_operator_on_numbers_says_what_it_said(string op, string value, int holds, int doesNot)
    {
        var translation = Translate(Rule("r", "allow", $"{{'field':'context.hour','operator':'{op}','value':{value}}}"));

        Assert.True(Permits(translation, "t", hour: holds));
        Assert.False(Permits(translation, "t", hour: doesNot));
    }

    [Theory]
    [InlineData("eq", "'Admin'", "admin", true)]
    [InlineData("in", "['a','admin']", "ADMIN", true)]
    [InlineData("contains", "'admin'", "admin", true)]
    [InlineData("neq", "'admin'", "admin", false)]
    [InlineData("neq", "'admin'", "viewer", true)]
    [InlineData("neq", "'admin'", null, false)]
    [InlineData("exists", "null", "x", true)]
    [InlineData("exists", "null", null, false)]
    [InlineData("not_exists", "null", null, true)]
    public void Roles_are_compared_without_regard_to_case(string op, string value, string? role, bool permitted)
        => Assert.Equal(permitted, Permits(Translate(Rule("r", "allow", $"{{'field':'request.user.role','operator':'{op}','value':{value}}}")), "t", role));

    [Fact]
    public void A_deny_by_is_not_is_not_escaped_by_leaving_the_field_out()
    {
        var translation = Translate(Rule("r", "deny", "{'field':'request.user.role','operator':'neq','value':'admin'}"), "allow");

        Assert.True(Permits(translation, "t", "admin"));
        Assert.False(Permits(translation, "t", "viewer"));
        Assert.False(Permits(translation, "t", role: null));
    }

    [Theory]
    [InlineData("Delete_User")]
    [InlineData("crm/delete_user")]
    [InlineData("DELETE_USER")]
    public void A_deny_of_a_tool_holds_in_any_case_and_on_any_server(string tool)
        => Assert.False(Permits(Translate(Rule("r", "deny", Tool("eq", "'delete_user'")), "allow"), tool));

    [Theory]
    [InlineData("Read_User")]
    [InlineData("crm/read_user")]
    public void An_allow_of_a_tool_is_exact(string tool) => Assert.False(Permits(Translate(Rule("r", "allow", Tool("eq", "'read_user'"))), tool));

    [Fact]
    public void A_deny_by_input_concerns_the_argument_that_configuration_declares()
    {
        var translation = Translate(
            Rule("r", "deny", Tool("eq", "'write_file'") + ",{'field':'request.inputs.path','operator':'contains','value':'/prod/'}"), "allow");

        Assert.False(new ImportedCall { Action = "write_file", Path = "/x/prod/db" }.IsPermitted(translation));
        Assert.True(new ImportedCall { Action = "write_file", Path = "/x/dev/db" }.IsPermitted(translation));
        Assert.True(new ImportedCall { Action = "write_file", Path = "/x/prod/db", Argument = "other" }.IsPermitted(translation));
        Assert.True(new ImportedCall { Action = "other", Path = "/x/prod/db" }.IsPermitted(translation));
    }

    [Fact]
    public void The_highest_priority_decides_whatever_stands_first()
    {
        var denyFirst = Translate($"{Rule("a", "deny", Tool("contains", "'user'"), 1)},{Rule("b", "allow", Tool("eq", "'read_user'"), 9)}", "deny");

        Assert.True(Permits(denyFirst, "read_user"));
        Assert.False(Permits(denyFirst, "delete_user"));
    }

    [Theory]
    [InlineData("deny")]
    [InlineData("allow")]
    public void Every_order_of_priorities_decides_as_the_first_match_does(string fallback)
    {
        // Three overlapping conditions, every assignment of effects and priorities, every tool: compared with a model of 1.0.
        (string Condition, Func<string, bool> Holds)[] conditions =
        [
            (Tool("contains", "'a'"), tool => tool.Contains('a')),
            (Tool("contains", "'b'"), tool => tool.Contains('b')),
            (Tool("contains", "'c'"), tool => tool.Contains('c')),
        ];
        string[] tools = ["x", "a", "b", "c", "ab", "ac", "bc", "abc"];
        for (var effects = 0; effects < 8; effects++)
        {
            foreach (var priorities in (int[][])[[1, 2, 3], [1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1], [1, 1, 2], [2, 1, 1], [1, 1, 1], [1, 2, 1]])
            {
                var rules = Enumerable.Range(0, 3)
                    .Select(i => (Effect: (effects >> i & 1) == 0 ? "allow" : "deny", Priority: priorities[i], conditions[i].Condition, conditions[i].Holds)).ToList();
                var translation = Translate(string.Join(',', rules.Select((rule, i) => Rule("r" + i, rule.Effect, rule.Condition, rule.Priority))), fallback);
                var authorizer = AgentGate.Cedar.Authorization.Authorizer.Create(translation.Policies);
                foreach (var tool in tools)
                {
                    var expected = rules.OrderByDescending(rule => rule.Priority).Where(rule => rule.Holds(tool)).Select(rule => rule.Effect).FirstOrDefault() ?? fallback;
                    Assert.True(
                        (expected == "allow") == new ImportedCall { Action = tool, Path = null }.IsPermitted(authorizer),
                        $"{tool}, effects {effects}, priorities {string.Join(' ', priorities)}, {fallback}:\n{translation.Text}");
                }
            }
        }
    }

    [Fact]
    public void A_default_of_allow_permits_tool_calls_and_nothing_else()
    {
        var translation = Translate(Rule("r", "deny", Tool("eq", "'x'")), "allow");

        Assert.True(Permits(translation, "y"));
        Assert.DoesNotContain("restoreValues", translation.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("activatePolicy", translation.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{'rule_id':'r','effect':'allow','priority':-1,'conditions':[{'field':'tool','operator':'eq','value':'x'}]}", "priority")]
    [InlineData("{'rule_id':'r','effect':'maybe','conditions':[{'field':'tool','operator':'eq','value':'x'}]}", "effect")]
    [InlineData("{'effect':'allow','conditions':[{'field':'tool','operator':'eq','value':'x'}]}", "rule_id")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[]}", "conditions")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'request.session.id','operator':'eq','value':'x'}]}", "request.session.id")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'request.inputs.path','operator':'eq','value':'x'}]}", "allow by input")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'matches','value':'[ab]'}]}", "`[`")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'matches','value':'a+'}]}", "`+`")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'matches','value':'a.b'}]}", "`.`")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'matches','value':'\\\\d'}]}", "`\\d`")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'like','value':'x'}]}", "no operator")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'eq','value':7}]}", "never held")]
    [InlineData("{'rule_id':'r','effect':'allow','conditions':[{'field':'tool','operator':'in','value':[]}]}", "never held")]
    public void What_cannot_be_said_exactly_refuses_the_file_and_names_the_rule(string rule, string named)
    {
        var refused = Assert.Throws<PolicyImportException>(() => Translate(Rule("fine", "allow", Tool("eq", "'x'")) + "," + rule));

        var problem = Assert.Single(refused.Problems);
        Assert.StartsWith("rules[1]", problem.Source, StringComparison.Ordinal);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }
}
