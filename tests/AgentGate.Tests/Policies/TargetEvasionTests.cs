using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Policies;

/// <summary>Ways to name a forbidden target so that a policy and the tool read it differently.</summary>
public sealed class TargetEvasionTests
{
    private const string NoAdmin = """forbid (principal, action, resource in AgentGate::Url::"https://h.test/admin");""";
    private const string NoProd = """forbid (principal, action, resource in AgentGate::Path::"/prod");""";

    private static PolicyFixture Fetching()
        => new PolicyFixture(PolicyFixture.PermitAll, NoAdmin).Declare("fetch", "url", ArgumentKind.Url, GateActions.Read);

    private static PolicyFixture Deleting()
        => new PolicyFixture(PolicyFixture.PermitAll, NoProd).Declare("delete", "path", ArgumentKind.Path, GateActions.Delete, "/work");

    private static PolicyFixture Sending()
        => new PolicyFixture(
            PolicyFixture.PermitAll, """forbid (principal, action == AgentGate::Action::"send", resource is AgentGate::Item) when { resource.key like "*@evil.test" };""")
            .Declare("send", "to", ArgumentKind.Text, GateActions.Send);

    [Theory]
    [InlineData("https://h.test/%61dmin/%252e%252e/pub")]
    [InlineData("https://h.test/admin%3f/../pub")]
    [InlineData("https://h.test/admin%23/../pub")]
    [InlineData("https://h.test/admin;x=1/users")]
    [InlineData("https://h.test/pub/..;/admin")]
    [InlineData("https://h.test/pub/..;x=1/admin/")]
    [InlineData("https://h.test/pub/..%3b/admin")]
    public void An_address_is_every_address_that_a_server_may_take_it_for(string address)
        => Assert.Equal(Codes.Forbidden, Fetching().Refusal("fetch", "url", address));

    [Theory]
    [InlineData("https://\uff48.test/admin")]
    [InlineData("https://h\u3002test/admin")]
    [InlineData("https://h.te\u017ft/admin")]
    [InlineData("https://\ud835\udd59.test/admin")]
    [InlineData("https://h.test\uff1a443/admin")]
    [InlineData("https://B\u00dcCHER.test/")]
    [InlineData("https://stra\u00dfe.test/")]
    public void A_host_that_needs_mapping_to_be_known_is_denied(string address)
        => Assert.Equal(Codes.TargetUnreadable, Fetching().Refusal("fetch", "url", address));

    [Fact]
    public void An_international_host_in_lower_case_is_its_ascii_form()
        => Assert.Equal(
            Codes.Forbidden,
            new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action, resource in AgentGate::Host::"xn--bcher-kva.test");""")
                .Declare("fetch", "url", ArgumentKind.Url, GateActions.Read).Refusal("fetch", "url", "https://www.b\u00fccher.test/"));

    [Theory]
    [InlineData("/prod::$DATA")]
    [InlineData("/prod:$I30:$INDEX_ALLOCATION/db")]
    [InlineData("C:/PROD~1/db")]
    [InlineData("c:\\x\\notes.txt:prod")]
    [InlineData("/proc/self/root/prod/db")]
    [InlineData("/proc/1/cwd/prod")]
    [InlineData("\u00a0/prod/db")]
    [InlineData("/prod\u3000/db")]
    [InlineData("/x/\u00a5..\u00a5prod")]
    public void A_path_that_stands_for_another_is_denied(string path)
        => Assert.Equal(Codes.TargetUnreadable, Deleting().Refusal("delete", "path", path));

    [Theory]
    [InlineData("/%70rod/%252e%252e/pub/x", Codes.Forbidden)]
    [InlineData("/logs/2026-11-22T10:00.log", null)]
    [InlineData("/proc/cpuinfo", null)]
    public void A_path_is_read_at_every_layer_of_its_encoding(string path, string? code)
        => Assert.Equal(code, Deleting().Refusal("delete", "path", path));

    [Theory]
    [InlineData("s3://b/secret/../pub/x")]
    [InlineData("s3://b/pub/../secret/x")]
    public void An_object_is_named_by_its_key_as_it_stands_and_as_it_resolves(string address)
        => Assert.Equal(
            Codes.Forbidden,
            new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action, resource in AgentGate::Bucket::"s3://b/secret");""")
                .Declare("put", "to", ArgumentKind.Bucket, GateActions.Write).Refusal("put", "to", address));

    [Theory]
    [InlineData("eve@evil.test\u00a0")]
    [InlineData("eve@evil.test\u3000")]
    public void A_name_that_a_tool_would_trim_is_denied(string name)
        => Assert.Equal(Codes.TargetUnreadable, Sending().Refusal("send", "to", name));

    [Theory]
    [InlineData("\"/prod/db\"")]
    [InlineData("[\"/prod/db\"]")]
    [InlineData("\"{\\\"path\\\":\\\"/prod/db\\\"}\"")]
    [InlineData("7")]
    public void Arguments_in_which_no_name_can_be_looked_up_are_denied(string json)
        => Assert.Equal(Codes.TargetUnreadable, Deleting().Refusal(PolicyFixture.ToolCall("delete", json)));

    [Fact]
    public void A_call_names_no_more_targets_than_can_be_judged()
    {
        Assert.Null(Deleting().Refusal(PolicyFixture.ToolCall("delete", Many(200))));
        Assert.Equal(Codes.TargetUnreadable, Deleting().Refusal(PolicyFixture.ToolCall("delete", Many(300))));

        static string Many(int count) => $$"""{"path":[{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"/dev/{i}\""))}}]}""";
    }

    [Theory]
    [InlineData("eve@evil.test", Codes.Forbidden)]
    [InlineData("bob@good.test", null)]
    [InlineData(" x", Codes.TargetUnreadable)]
    public void A_value_that_took_the_place_of_a_token_is_judged_as_well(string value, string? code)
    {
        var (fixture, scope) = (Sending(), new CallScope());
        var call = PolicyFixture.ToolCall("send", """{"to":"<EMAIL_1>"}""");
        Assert.IsType<Verdict.Allow>(fixture.Ask(call, scope));

        var restored = call with { Content = PolicyFixture.Content($$"""{"to":"{{value}}"}""", SegmentRole.ToolArguments) };
        Assert.Equal(code, (fixture.AskAgain(restored, scope) as Verdict.Deny)?.Code);
    }

    [Fact]
    public void A_token_that_took_the_place_of_a_value_cannot_lead_a_path_elsewhere()
    {
        var (fixture, scope) = (Deleting(), new CallScope());
        var call = PolicyFixture.ToolCall("delete", """{"path":"/a/b/c/../../prod"}""");
        Assert.IsType<Verdict.Allow>(fixture.Ask(call, scope));

        var masked = call with { Content = PolicyFixture.Content("""{"path":"/<API_KEY_1>/../../prod"}""", SegmentRole.ToolArguments) };
        Assert.Equal(Codes.Forbidden, (fixture.AskAgain(masked, scope) as Verdict.Deny)?.Code);
    }

    [Fact]
    public void What_was_not_changed_is_not_judged_twice()
    {
        var (fixture, scope) = (Deleting(), new CallScope());
        var call = PolicyFixture.ToolCall("delete", """{"path":"/dev"}""");
        Assert.IsType<Verdict.Allow>(fixture.Ask(call, scope));

        Assert.Same(Verdict.Allowed, fixture.AskAgain(call, scope));
        Assert.Same(Verdict.Allowed, fixture.AskAgain(call with { Id = "call_2" }, new CallScope(scope)));
    }
}
