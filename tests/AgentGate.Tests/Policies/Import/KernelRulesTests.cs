using AgentGate.Policies.Import;

namespace AgentGate.Tests.Policies.Import;

/// <summary>The shape <c>pre_rules</c> / <c>post_rules</c>: the published decision tables (K2 to K24), and the bypasses 1.0 had.</summary>
public sealed class KernelRulesTests
{
    private static bool Permits(string rules, string action = "read", string? path = "/data/a", string? role = null, string? ip = null, bool post = false)
        => new ImportedCall { Action = action, Path = path, Role = role, SourceIp = ip }
            .IsPermitted(ImportedCall.Translate($$"""{"{{(post ? "post_rules" : "pre_rules")}}":[{{rules}}]}"""));

    [Theory]
    [InlineData("K2", "{'type':'action_allow','action':'read'}", "read", true)]
    [InlineData("K3", "{'type':'action_allow','action':'*'}", "read", true)]
    [InlineData("K3", "{'type':'action_allow','action':'*'}", "delete", true)]
    [InlineData("K3", "{'type':'action_allow','action':'*'}", "any_tool", true)]
    [InlineData("K5", "{'type':'action_allow','action':'read'}", "write", false)]
    [InlineData("K6", "{'type':'action_deny','action':'write'}", "read", false)]
    [InlineData("K6", "{'type':'deny','action':'*','resource':'/x'},{'type':'role_deny','role':'a'}", "read", false)]
    [InlineData("K17", "{'type':'action_allow','action':'*'},{'type':'action_deny','action':'delete'}", "read", true)]
    [InlineData("K17", "{'type':'action_allow','action':'*'},{'type':'action_deny','action':'delete'}", "delete", false)]
    [InlineData("K22", "{'type':'nonsense','action':'read'}", "read", false)]
    [InlineData("K22", "{'type':'','action':'read'}", "read", false)]
    [InlineData("K22", "{'action':'read'}", "read", false)]
    [InlineData("K22", "{'type':'action_allow','action':'read'},{'type':'nonsense','action':'read'}", "read", true)]
    [InlineData("K23", "{'type':'action_allow','action':'write'},{'type':'action_allow','action':'read'}", "read", true)]
    [InlineData("K24", "{'type':'action_allow','action':'*'},{'type':'action_deny','action':'read'},{'type':'deny','action':'read'}", "read", false)]
    public void Rules_about_actions_decide_as_published(string row, string rules, string action, bool permitted)
    {
        Assert.True(permitted == Permits(Json(rules), action), row);
        Assert.True(permitted == Permits(Json(rules), action, path: null), row + ", the call of the tool itself");
    }

    [Theory]
    [InlineData("/data/a", true)]
    [InlineData("/data/b", false)]
    [InlineData("/data/a/b", false)]
    public void A_resource_is_exact_K4(string path, bool permitted)
        => Assert.Equal(permitted, Permits(Json("{'type':'permit','action':'read','resource':'/data/a'}"), path: path));

    [Theory]
    [InlineData("/data/a", true)]
    [InlineData("/data/a/b", true)]
    [InlineData("/database", false)]
    [InlineData("/other/data/a", false)]
    public void A_final_star_is_a_prefix(string path, bool permitted)
        => Assert.Equal(permitted, Permits(Json("{'type':'permit','action':'read','resource':'/data/*'}"), path: path));

    [Theory]
    [InlineData("C:\\\\Prod\\\\*", "C:\\Prod\\db")]
    [InlineData("C:\\\\Prod\\\\*", "c:/prod/db")]
    [InlineData("\\\\prod\\\\*", "/prod/db")]
    [InlineData("file:///prod/*", "/prod/db")]
    public void A_deny_holds_for_the_form_in_which_its_resource_comes_now(string resource, string path)
    {
        var rules = Json("{'type':'action_allow','action':'*'},{'type':'deny','action':'*','resource':'" + resource + "'}");

        Assert.False(Permits(rules, path: path));
        Assert.True(Permits(rules, path: "/dev/db"));
    }

    [Fact]
    public void Post_rules_permit_too_K7() => Assert.True(Permits(Json("{'type':'action_allow','action':'read'}"), post: true));

    [Theory]
    [InlineData("admin", "Admin", true)]
    [InlineData("admin", "ADMIN", true)]
    [InlineData(" Admin ", "admin", true)]
    [InlineData("admin", "viewer", false)]
    [InlineData("admin", null, false)]
    [InlineData("*", "anything", true)]
    [InlineData("*", null, false)]
    [InlineData("", "admin", false)]
    [InlineData("  ", "admin", false)]
    public void A_role_permits_without_regard_to_case_K8_to_K11(string rule, string? role, bool permitted)
        => Assert.Equal(permitted, Permits(Json($"{{'type':'role_allow','role':'{rule}'}}"), role: role));

    [Theory]
    [InlineData("auditor", "Auditor", false, false)]
    [InlineData("auditor", "Auditor", true, false)]
    [InlineData("auditor", "developer", false, true)]
    [InlineData("auditor", null, false, true)]
    [InlineData("*", "anything", false, false)]
    [InlineData("*", null, false, true)]
    public void A_role_denies_K12_to_K14_K16(string rule, string? role, bool post, bool permitted)
    {
        var deny = Json($"{{'type':'role_deny','role':'{rule}'}}");
        var allow = Json("{'type':'action_allow','action':'read'}");
        var file = post ? $$"""{"pre_rules":[{{allow}}],"post_rules":[{{deny}}]}""" : $$"""{"pre_rules":[{{allow}},{{deny}}]}""";

        Assert.Equal(permitted, new ImportedCall { Role = role }.IsPermitted(ImportedCall.Translate(file)));
    }

    [Fact]
    public void A_deny_wins_over_an_allow_of_the_same_role_K15()
        => Assert.False(Permits(Json("{'type':'role_allow','role':'admin'},{'type':'role_deny','role':'admin'}"), role: "admin"));

    [Fact]
    public void Blocked_operations_are_denied_K17()
    {
        var file = ImportedCall.Translate("""{"pre_rules":[{"type":"permit"}],"blocked_operations":["delete"]}""");

        Assert.False(new ImportedCall { Action = "delete" }.IsPermitted(file));
        Assert.True(new ImportedCall { Action = "read" }.IsPermitted(file));
    }

    [Theory]
    [InlineData("/prod/*", "//prod/db")]
    [InlineData("/prod/*", "/x/../prod/db")]
    [InlineData("/prod/*", "/prod/./db")]
    [InlineData("/prod/*", "/PROD/db")]
    [InlineData("/prod/*", "/prod/")]
    [InlineData("/Prod/*", "/Prod/a")]
    [InlineData("/x/../prod/*", "/prod/a")]
    [InlineData("s3://bucket/*", "S3://bucket/a")]
    public void Spelling_a_resource_otherwise_escapes_no_deny(string denied, string path)
    {
        var file = ImportedCall.Translate(Json($$"""{'pre_rules':[{'type':'permit'},{'type':'deny','action':'delete','resource':'{{denied}}'}]}"""));

        Assert.False(new ImportedCall { Action = "delete", Path = path }.IsPermitted(file));
        Assert.True(new ImportedCall { Action = "read", Path = path }.IsPermitted(file));
        Assert.True(new ImportedCall { Action = "delete", Path = "/dev/db" }.IsPermitted(file));
    }

    [Theory]
    [InlineData("delete", true)]
    [InlineData("read", false)]
    public void A_tool_that_deletes_is_denied_what_delete_is_denied(string effect, bool denied)
    {
        var file = ImportedCall.Translate(Json("{'pre_rules':[{'type':'permit'},{'type':'deny','action':'delete','resource':'/prod/*'}]}"));

        Assert.Equal(!denied, new ImportedCall { Action = effect, Tool = "delete_record", Path = "/prod/db" }.IsPermitted(file));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", false)]
    [InlineData("10.0.0.0/8", "11.1.2.3", true)]
    [InlineData("10.0.0.0", "10.0.0.0", false)]
    [InlineData("10.0.0.0", "10.0.0.1", true)]
    [InlineData("2001:db8::/32", "2001:db8::7", false)]
    [InlineData("10.0.0.0/8", null, true)]
    public void Address_ranges_are_real(string range, string? address, bool permitted)
        => Assert.Equal(permitted, Permits(Json($"{{'type':'permit'}},{{'type':'ip_deny','cidr':'{range}'}}"), ip: address));

    [Theory]
    [InlineData("10.0.0.01")]
    [InlineData("10.0.0.")]
    [InlineData("10.0.0.0/33")]
    [InlineData("everywhere")]
    [InlineData("*")]
    [InlineData("")]
    public void An_address_that_is_none_refuses_the_file(string range)
    {
        var refused = Assert.Throws<PolicyImportException>(() => ImportedCall.Translate(Json($"{{'pre_rules':[{{'type':'permit'}},{{'type':'ip_deny','cidr':'{range}'}}]}}")));

        Assert.Equal("pre_rules[1]", Assert.Single(refused.Problems).Source);
    }

    [Theory]
    [InlineData("/v1/", "openai.chat", true)]
    [InlineData("/v1/chat", "openai.chat", true)]
    [InlineData("/v1/messages", "openai.chat", false)]
    [InlineData("/nothing", "openai.chat", false)]
    public void An_endpoint_is_the_doors_below_it(string endpoint, string door, bool permitted)
        => Assert.Equal(permitted, new ImportedCall { Door = door }.IsPermitted(
            ImportedCall.Translate(Json($"{{'pre_rules':[{{'type':'endpoint_allow','endpoint':'{endpoint}'}}]}}"))));

    [Fact]
    public void What_1_0_did_not_have_is_permitted_by_nothing_of_it()
    {
        var text = ImportedCall.Translate("""{"pre_rules":[{"type":"permit"}]}""").Text;

        Assert.Contains("unless", text, StringComparison.Ordinal);
        Assert.Contains("restoreValues", text, StringComparison.Ordinal);
        Assert.Contains("useProviderTool", text, StringComparison.Ordinal);
        Assert.Contains("fetchContent", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("post_rules", "{'type':'ip_deny','cidr':'10.0.0.0/8'}")]
    [InlineData("post_rules", "{'type':'endpoint_allow','endpoint':'/v1'}")]
    [InlineData("pre_rules", "{'type':'severity_override'}")]
    [InlineData("pre_rules", "{'type':'role_allow','role':' '}")]
    public void What_1_0_ignored_becomes_no_policy_and_is_said(string member, string rule)
    {
        var translation = ImportedCall.Translate(Json($"{{'{member}':[{rule}]}}"));

        Assert.Empty(translation.Policies.Policies);
        Assert.NotEmpty(Assert.Single(translation.Rules).Notes);
    }

    [Fact]
    public void Everything_wrong_is_named_at_once()
    {
        var refused = Assert.Throws<PolicyImportException>(() => ImportedCall.Translate(
            """{"pre_rules":[1,{"type":7},{"type":"ip_allow","cidr":"x"},{"type":"role_allow","role":[]}],"post_rules":{}}"""));

        Assert.Equal(["pre_rules[0]", "pre_rules[1]", "pre_rules[2]", "pre_rules[3]", "post_rules"], refused.Problems.Select(problem => problem.Source));
    }

    private static string Json(string text) => text.Replace('\'', '"');
}
