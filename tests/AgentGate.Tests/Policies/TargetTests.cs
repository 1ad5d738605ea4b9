using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Policies;

namespace AgentGate.Tests.Policies;

/// <summary>What a tool acts on is judged in its one spelling, however the argument spells it.</summary>
public sealed class TargetTests
{
    private const string NoProd = """
        @id("no-prod")
        forbid (principal, action == AgentGate::Action::"delete", resource in AgentGate::Path::"/prod");
        """;

    private static PolicyFixture Deleting(params string[] policies)
        => new PolicyFixture([PolicyFixture.PermitAll, .. policies]).Declare("delete_*", "path", ArgumentKind.Path, GateActions.Delete, "/work");

    [Theory]
    [InlineData("/prod/db")]
    [InlineData("/prod")]
    [InlineData("/prod/")]
    [InlineData("//prod/db")]
    [InlineData("///prod//db")]
    [InlineData("/x/../prod/db")]
    [InlineData("/../../prod/db")]
    [InlineData("/./prod/./db")]
    [InlineData("/PROD/db")]
    [InlineData("/Prod/db")]
    [InlineData("\\prod\\db")]
    [InlineData("/x/..\\prod\\db")]
    [InlineData("/x/%2e%2e/prod/db")]
    [InlineData("/x/%252e%252e/prod/db")]
    [InlineData("%2Fprod%2Fdb")]
    [InlineData("/%70rod/db")]
    [InlineData("../prod/db")]
    [InlineData("file:///prod/db")]
    [InlineData("FILE://localhost/prod/db")]
    public void No_spelling_of_a_path_slips_past_a_forbid(string path)
        => Assert.Equal(Codes.Forbidden, Deleting(NoProd).Refusal("delete_record", "path", path));

    [Theory]
    [InlineData("/dev/db")]
    [InlineData("/production")]
    [InlineData("/prod.d/db")]
    [InlineData("/dev/prod/db")]
    [InlineData("prod/db")]
    [InlineData("/prod/../dev/db")]
    [InlineData("c:/prod/db")]
    [InlineData("/dev/100%")]
    [InlineData("/dev/notes.~1~")]
    [InlineData("/dev/~me")]
    public void What_lies_elsewhere_is_not_forbidden(string path)
        => Assert.Null(Deleting(NoProd).Refusal("delete_record", "path", path));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("/prod\0/db", "control")]
    [InlineData("/x/%00/db", "control")]
    [InlineData("/prod\n/db", "control")]
    [InlineData("/x/%c0%ae%c0%ae/prod", "UTF-8")]
    [InlineData("/x/%u002e%u002e/prod", "UTF-8")]
    [InlineData("~/prod", "home")]
    [InlineData("/pro*/db", "pattern")]
    [InlineData("/pro?/db", "pattern")]
    [InlineData("/prod./db", "dot")]
    [InlineData("/prod /db", "space")]
    [InlineData("/\uff50rod\uff0fdb", "looks like")]
    [InlineData("/pro\u0301d/db", "more than one way")]
    [InlineData("/pro\u200bd/db", "more than one way")]
    [InlineData("https://host/prod", "address")]
    [InlineData("file://host/prod", "address")]
    [InlineData("\\\\?\\C:\\prod", "device")]
    [InlineData("c:prod", "drive")]
    [InlineData("c:/PROD~1/db", "stands for another")]
    [InlineData("/x/prod::$DATA", "stands for another")]
    public void What_cannot_be_read_as_a_path_is_denied_and_the_reason_says_why(string path, string why)
    {
        var denied = Assert.IsType<Verdict.Deny>(Deleting(NoProd).Ask(PolicyFixture.ToolCall("delete_record", $$"""{"path":{{System.Text.Json.JsonSerializer.Serialize(path)}}}""")));

        Assert.Equal((Codes.TargetUnreadable, DenialKind.Invalid), (denied.Code, denied.Kind));
        Assert.Contains(why, denied.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_relative_path_without_a_declared_base_is_denied()
        => Assert.Equal(
            Codes.TargetUnreadable,
            new PolicyFixture(PolicyFixture.PermitAll).Declare("read_file", "path", ArgumentKind.Path, GateActions.Read).Refusal("read_file", "path", "notes.txt"));

    [Theory]
    [InlineData("""{"path":["/dev/a","/prod/db"]}""", Codes.Forbidden)]
    [InlineData("""{"path":["/dev/a","/dev/b"]}""", null)]
    [InlineData("""{"Path":"/prod/db"}""", Codes.Forbidden)]
    [InlineData("""{"path":5}""", Codes.TargetUnreadable)]
    [InlineData("""{"path":12345678}""", Codes.TargetUnreadable)]
    [InlineData("""{"path":true}""", Codes.TargetUnreadable)]
    [InlineData("""{"path":{"at":"/dev/a"}}""", Codes.TargetUnreadable)]
    [InlineData("""{"path":{"/prod/db":1}}""", Codes.TargetUnreadable)]
    [InlineData("""{"path":"[\"/dev/a\"]"}""", Codes.TargetUnreadable)]
    [InlineData("""{"path":null}""", null)]
    [InlineData("""{"other":"/prod/db"}""", null)]
    public void Every_string_of_the_argument_is_a_target_and_nothing_else_can_be_one(string json, string? code)
        => Assert.Equal(code, Deleting(NoProd).Refusal(PolicyFixture.ToolCall("delete_record", json)));

    [Fact]
    public void A_tool_whose_name_differs_by_case_declares_the_same_targets()
        => Assert.Equal(Codes.Forbidden, Deleting(NoProd).Refusal("Delete_Record", "path", "/prod/db"));

    [Fact]
    public void All_targets_of_a_call_must_be_permitted()
    {
        var fixture = new PolicyFixture(
            """
            permit (principal, action == AgentGate::Action::"callTool", resource);
            permit (principal, action == AgentGate::Action::"read", resource in AgentGate::Path::"/in");
            permit (principal, action == AgentGate::Action::"write", resource in AgentGate::Path::"/out");
            """)
            .Declare("copy", "from", ArgumentKind.Path, GateActions.Read).Declare("copy", "to", ArgumentKind.Path, GateActions.Write);

        Assert.Null(fixture.Refusal(PolicyFixture.ToolCall("copy", """{"from":"/in/a","to":"/out/b"}""")));
        Assert.Equal(Codes.NotPermitted, fixture.Refusal(PolicyFixture.ToolCall("copy", """{"from":"/out/a","to":"/in/b"}""")));
        Assert.Equal(Codes.NotPermitted, fixture.Refusal(PolicyFixture.ToolCall("copy", """{"from":"/in/a","to":"/in/b"}""")));
    }

    [Theory]
    [InlineData("/Prod/a", Codes.Forbidden)]
    [InlineData("/Prod/b/../a", Codes.Forbidden)]
    [InlineData("/PROD/a", Codes.Forbidden)]
    [InlineData("/dev/a", null)]
    public void A_rule_with_capital_letters_forbids_every_case(string path, string? code)
    {
        var fixture = Deleting();
        fixture.Options.Forbid.Add(new PolicyRule { Resource = "/Prod/*" });

        Assert.Equal(code, fixture.Refusal("delete_record", "path", path));
    }

    [Theory]
    [InlineData("/Data/a", null)]
    [InlineData("/data/a", Codes.NotPermitted)]
    [InlineData("/DATA/a", Codes.NotPermitted)]
    [InlineData("/x/%2e%2e/Data/a", Codes.NotPermitted)]
    public void A_permit_holds_for_its_own_spelling_and_is_widened_by_none(string path, string? code)
        => Assert.Equal(
            code,
            new PolicyFixture(
                """
                permit (principal, action == AgentGate::Action::"callTool", resource);
                permit (principal, action == AgentGate::Action::"read", resource in AgentGate::Path::"/Data");
                """).Declare("read", "path", ArgumentKind.Path, GateActions.Read).Refusal("read", "path", path));

    [Fact]
    public void An_exception_to_a_forbid_keeps_its_own_spelling()
    {
        var fixture = Deleting("""forbid (principal, action == AgentGate::Action::"delete", resource) unless { resource in AgentGate::Path::"/Users" };""");

        Assert.Null(fixture.Refusal("delete_record", "path", "/Users/a"));
        Assert.Equal(Codes.Forbidden, fixture.Refusal("delete_record", "path", "/users/a"));
    }

    [Theory]
    [InlineData("S3://bucket/a")]
    [InlineData("s3://BUCKET/a")]
    [InlineData("s3://bucket")]
    [InlineData("s3://bucket//a")]
    [InlineData("s3://bucket/x/%2e%2e/a")]
    public void No_spelling_of_a_bucket_slips_past_a_forbid(string address)
        => Assert.Equal(
            Codes.Forbidden,
            new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action, resource in AgentGate::Bucket::"s3://bucket");""")
                .Declare("put", "to", ArgumentKind.Bucket, GateActions.Write).Refusal("put", "to", address));

    [Theory]
    [InlineData("bucket/a")]
    [InlineData("https://bucket/a")]
    [InlineData("s3:bucket/a")]
    [InlineData("s3://bu cket/a")]
    [InlineData("s3://user@bucket/a")]
    public void What_names_no_bucket_is_denied(string address)
        => Assert.Equal(
            Codes.TargetUnreadable,
            new PolicyFixture(PolicyFixture.PermitAll).Declare("put", "to", ArgumentKind.Bucket, GateActions.Write).Refusal("put", "to", address));

    [Theory]
    [InlineData("https://api.example.com/v1/x")]
    [InlineData("HTTPS://API.Example.COM/v1/x")]
    [InlineData("https://api.example.com:443/v1/x")]
    [InlineData("https://api.example.com./v1")]
    [InlineData("https://api.example.com/v2/../v1/x?q=1#f")]
    [InlineData("https://api.example.com/%76%31/x")]
    [InlineData("https://api.example.com//v1/x")]
    [InlineData("https://api.example.com/V1/x")]
    public void No_spelling_of_an_address_slips_past_a_forbid(string address)
        => Assert.Equal(Codes.Forbidden, Fetching("""forbid (principal, action, resource in AgentGate::Url::"https://api.example.com/v1");""").Refusal("fetch", "url", address));

    [Theory]
    [InlineData("https://example.com/", Codes.Forbidden)]
    [InlineData("https://a.b.example.com/", Codes.Forbidden)]
    [InlineData("https://notexample.com/", null)]
    [InlineData("https://example.com.evil.test/", null)]
    [InlineData("http://10.1.2.3/", Codes.Forbidden)]
    [InlineData("http://[::ffff:10.1.2.3]/", Codes.Forbidden)]
    [InlineData("http://11.1.2.3/", null)]
    public void Hosts_are_in_their_domains_and_addresses_in_their_ranges(string address, string? code)
        => Assert.Equal(
            code,
            Fetching(
                """
                forbid (principal, action, resource in AgentGate::Host::"example.com");
                forbid (principal, action, resource is AgentGate::Url) when { resource has ip && resource.ip.isInRange(ip("10.0.0.0/8")) };
                """).Refusal("fetch", "url", address));

    [Theory]
    [InlineData("example.com/x")]
    [InlineData("//example.com/x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://good@evil.test/")]
    [InlineData("https://evil.test\\@good/")]
    [InlineData("http://0x0a010203/")]
    [InlineData("http://10.0.0.01/")]
    [InlineData("http://167838211/")]
    [InlineData("http://10.1/")]
    [InlineData("https://ex%61mple.com/")]
    [InlineData("https:///x")]
    [InlineData("javascript:alert(1)")]
    public void What_two_readers_could_take_for_two_addresses_is_denied(string address)
        => Assert.Equal(Codes.TargetUnreadable, Fetching().Refusal("fetch", "url", address));

    [Theory]
    [InlineData("10.1.2.3", Codes.Forbidden)]
    [InlineData("10.0.0.0/16", Codes.Forbidden)]
    [InlineData("::ffff:a01:203", Codes.Forbidden)]
    [InlineData("11.1.2.3", null)]
    [InlineData("10.0.0.01", Codes.TargetUnreadable)]
    [InlineData("10.1", Codes.TargetUnreadable)]
    [InlineData("0x0a010203", Codes.TargetUnreadable)]
    [InlineData("host", Codes.TargetUnreadable)]
    public void Network_addresses_are_read_strictly_and_compared_as_ranges(string address, string? code)
        => Assert.Equal(
            code,
            new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action == AgentGate::Action::"send", resource is AgentGate::Address) when { resource.ip.isInRange(ip("10.0.0.0/8")) };""")
                .Declare("ping", "to", ArgumentKind.Address, GateActions.Send).Refusal("ping", "to", address));

    [Theory]
    [InlineData("Eve@Evil.TEST", Codes.Forbidden)]
    [InlineData("bob@good.test", null)]
    [InlineData(" bob@good.test", Codes.TargetUnreadable)]
    public void Names_without_structure_are_compared_by_their_key(string name, string? code)
        => Assert.Equal(
            code,
            new PolicyFixture(PolicyFixture.PermitAll, """forbid (principal, action == AgentGate::Action::"send", resource is AgentGate::Item) when { resource.key like "*@evil.test" };""")
                .Declare("send_mail", "to", ArgumentKind.Text, GateActions.Send).Refusal("send_mail", "to", name));

    [Fact]
    public void A_denial_names_the_argument_and_the_policy_and_never_the_target()
    {
        var denied = Assert.IsType<Verdict.Deny>(Deleting(NoProd).Ask(PolicyFixture.ToolCall("delete_record", """{"path":"/prod/secret-name"}""")));

        Assert.Equal(["no-prod"], denied.Policies);
        Assert.Contains("\"path\"", denied.Reason, StringComparison.Ordinal);
        Assert.Contains("no-prod", denied.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-name", denied.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(denied.Findings, finding => $"{finding}".Contains("secret-name", StringComparison.Ordinal));
    }

    private static PolicyFixture Fetching(params string[] policies)
        => new PolicyFixture([PolicyFixture.PermitAll, .. policies]).Declare("fetch", "url", ArgumentKind.Url, GateActions.Read);
}
