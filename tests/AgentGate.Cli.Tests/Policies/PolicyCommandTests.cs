using System.Text.Json;

namespace AgentGate.Cli.Tests.Policies;

public sealed class PolicyCommandTests : IDisposable
{
    private const string Policies = """
        // Alice may look.
        @id("look")
        permit(principal == User::"alice", action == Action::"view", resource);
        @id("never")
        forbid(principal, action, resource) when { resource.secret };
        """;

    private const string Schema = "entity User; entity Doc = {secret: Bool}; action view appliesTo {principal: User, resource: Doc};";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Policies_that_parse_and_are_valid_pass_the_check()
    {
        var (exit, text, error) = Cli.Run(Policies, "policy", "check", "-", "--schema", _scratch.File("s.cedarschema", Schema));

        Assert.Equal((ExitCode.Ok, "<stdin>: 2 policies, 0 templates, 0 errors, 0 warnings\n", ""), (exit, text, error));
    }

    [Fact]
    public void A_policy_that_does_not_parse_is_shown_with_line_column_and_caret()
    {
        var path = _scratch.File("bad.cedar", "permit(principal, action, resource)\nwhen { 1 + };\n");

        var (exit, _, error) = Cli.Run("", "policy", "check", path);

        Assert.Equal(ExitCode.Finding, exit);
        Assert.StartsWith($"{path}:2:12: ", error, StringComparison.Ordinal);
        Assert.Contains("2 | when { 1 + };\n  |            ^", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_is_not_valid_is_a_finding_that_names_the_policy()
    {
        var path = _scratch.File("p.cedar", "permit(principal, action, resource) when { resource.secrets };");

        var (exit, text, _) = Cli.Run("", "policy", "check", path, "--json", "--schema", _scratch.File("s.cedarschema", Schema));

        Assert.Equal(ExitCode.Finding, exit);
        using var report = JsonDocument.Parse(text);
        var error = report.RootElement.GetProperty("files")[0].GetProperty("errors")[0];
        Assert.False(report.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(("policy0", 1), (error.GetProperty("policy").GetString(), error.GetProperty("line").GetInt32()));
    }

    [Fact]
    public void Folders_and_patterns_stand_for_the_files_in_them()
    {
        _scratch.File("b/two.cedar", "permit(principal, action, resource);");
        _scratch.File("a.cedar", "permit(principal, action, resource);");
        _scratch.File("note.txt", "nothing");

        var folder = Cli.Run("", "policy", "check", _scratch.Path(""));
        var pattern = Cli.Run("", "policy", "check", _scratch.Path("**/t*.cedar"));

        Assert.Equal(2, folder.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith(_scratch.Path("b/two.cedar"), pattern.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Formatting_prints_checks_and_writes_and_the_second_time_changes_nothing()
    {
        var path = _scratch.File("p.cedar", "permit( principal,action , resource )when{true};");

        var check = Cli.Run("", "policy", "format", "--check", path);
        var printed = Cli.Run("", "policy", "format", path);
        var written = Cli.Run("", "policy", "format", "--write", path);
        var again = Cli.Run("", "policy", "format", "--write", path);
        var clean = Cli.Run("", "policy", "format", "--check", path);

        Assert.Equal((ExitCode.Finding, $"{path} is not formatted\n"), (check.Exit, check.Out));
        Assert.Equal((ExitCode.Ok, $"{path} formatted\n"), (written.Exit, written.Out));
        Assert.Equal((ExitCode.Ok, ""), (again.Exit, again.Out));
        Assert.Equal((ExitCode.Ok, ""), (clean.Exit, clean.Out));
        Assert.Equal(printed.Out, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("""User::"alice" """, "false", ExitCode.Ok, "allow\nbecause of look\n")]
    [InlineData("""User::"alice" """, "true", ExitCode.Finding, "deny\nbecause of never\n")]
    [InlineData("""User::"bob" """, "false", ExitCode.Finding, "deny\nbecause no policy permits it\n")]
    public void A_request_is_answered_with_the_policies_that_determined_it(string principal, string secret, int expected, string answer)
    {
        var entities = _scratch.File("e.json", $$"""[{"uid": {"type": "Doc", "id": "d"}, "attrs": {"secret": {{secret}} }, "parents": []}]""");

        var (exit, text, _) = Cli.Run(
            "", "policy", "eval", "--policies", _scratch.File("p.cedar", Policies), "--ids", "annotation", "--entities", entities, "--schema", _scratch.File("s.cedarschema", Schema),
            "--principal", principal, "--action", "Action::\"view\"", "--resource", "Doc::\"d\"");

        Assert.Equal((expected, answer), (exit, text));
    }

    [Fact]
    public void A_policy_that_fails_is_reported_and_the_others_decide()
    {
        var request = _scratch.File("r.json", """{"principal": "User::\"alice\"", "action": {"type": "Action", "id": "view"}, "resource": {"__entity": {"type": "Doc", "id": "d"}}, "context": {}}""");

        var (exit, text, _) = Cli.Run("", "policy", "eval", "--policies", _scratch.File("p.cedar", Policies), "--request", request, "--json");

        using var report = JsonDocument.Parse(text);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal("allow", report.RootElement.GetProperty("decision").GetString());
        Assert.Equal("policy0", Assert.Single(report.RootElement.GetProperty("reason").EnumerateArray()).GetString());
        Assert.Equal("policy1", Assert.Single(report.RootElement.GetProperty("errors").EnumerateArray()).GetProperty("policy").GetString());
    }

    [Theory]
    [InlineData("User::\"a\", action, resource); permit(principal")]
    [InlineData("User::\"a\", action, resource); //")]
    [InlineData("?principal")]
    [InlineData("User::alice")]
    [InlineData("")]
    public void Text_that_is_more_than_the_name_of_an_entity_is_refused(string principal)
    {
        var (exit, text, _) = Cli.Run(
            "", "policy", "eval", "--policies", _scratch.File("p.cedar", "permit(principal, action, resource);"), "--principal", principal, "--action", "Action::\"view\"", "--resource", "Doc::\"d\"");

        Assert.Equal((ExitCode.Unusable, ""), (exit, text));
    }

    [Fact]
    public void A_request_that_does_not_conform_to_the_schema_gets_no_answer()
    {
        var (exit, text, error) = Cli.Run(
            "", "policy", "eval", "--policies", _scratch.File("p.cedar", Policies), "--schema", _scratch.File("s.cedarschema", Schema),
            "--principal", "Doc::\"d\"", "--action", "Action::\"view\"", "--resource", "Doc::\"d\"");

        Assert.Equal((ExitCode.Unusable, ""), (exit, text));
        Assert.Contains("does not conform", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_go_on_counting_from_file_to_file()
    {
        var first = _scratch.File("1.cedar", "forbid(principal, action, resource) when { false };");
        var second = _scratch.File("2.cedar", "permit(principal, action, resource);");

        var (_, text, _) = Cli.Run("", "policy", "eval", "--policies", first, second, "--principal", "A::\"a\"", "--action", "Action::\"a\"", "--resource", "A::\"a\"");

        Assert.Equal("allow\nbecause of policy1\n", text);
    }

    [Fact]
    public void Converting_to_json_and_back_keeps_the_hash()
    {
        var json = Cli.Run(Policies, "policy", "convert", "-", "--to", "json");
        var back = Cli.Run(json.Out, "policy", "convert", "-", "--to", "cedar");

        Assert.Equal((ExitCode.Ok, ExitCode.Ok), (json.Exit, back.Exit));
        Assert.Equal(Cli.Run(Policies, "policy", "hash", "-").Out, Cli.Run(json.Out, "policy", "hash", "-").Out);
        Assert.Equal(Cli.Run(Policies, "policy", "hash", "-").Out, Cli.Run(back.Out, "policy", "hash", "-").Out);
    }

    [Fact]
    public void The_hash_does_not_see_layout_and_sees_words()
    {
        var one = Cli.Run("permit(principal, action, resource);", "policy", "hash", "-").Out;
        var same = Cli.Run("permit (\n principal , action, resource ) ; // why", "policy", "hash", "-").Out;
        var other = Cli.Run("forbid(principal, action, resource);", "policy", "hash", "-").Out;

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
        Assert.Matches("^[0-9a-f]{64}  <stdin>\n$", one);
    }

    [Fact]
    public void Template_links_that_cedar_text_cannot_hold_are_named()
    {
        const string Linked = """
            {"staticPolicies": {}, "templates": {"t": {"effect": "permit", "principal": {"op": "==", "slot": "?principal"}, "action": {"op": "All"}, "resource": {"op": "All"}, "conditions": []}},
             "templateLinks": [{"templateId": "t", "newId": "l", "values": {"?principal": {"type": "User", "id": "a"}}}]}
            """;

        var (exit, text, error) = Cli.Run(Linked, "policy", "convert", "-", "--to", "cedar");

        Assert.Equal(ExitCode.Finding, exit);
        Assert.Contains("?principal", text, StringComparison.Ordinal);
        Assert.Contains("1 template links", error, StringComparison.Ordinal);
    }
}
