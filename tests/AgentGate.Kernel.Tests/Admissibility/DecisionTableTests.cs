using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using static AgentGate.Kernel.Tests.Admissibility.Requests;

namespace AgentGate.Kernel.Tests.Admissibility;

/// <summary>
/// The decision table K1 to K26 of what 1.0's kernel was tested with, in the policies its rules mean here. Which rule becomes which policy is
/// tested where files are imported (KernelRulesTests); what the theorem makes of them, here.
/// </summary>
public sealed class DecisionTableTests
{
    private const string PermitAll = "permit(principal, action, resource);";
    private const string PermitRead = """permit(principal, action == AgentGate::Action::"read", resource);""";
    private const string PermitAdmin = """permit(principal in AgentGate::Role::"admin", action, resource);""";
    private const string PermitAnyRole = "permit(principal, action, resource) when { !principal.roles.isEmpty() };";
    private const string ForbidAuditor = """forbid(principal in AgentGate::Role::"auditor", action, resource);""";
    private const string ForbidAnyRole = "forbid(principal, action, resource) when { !principal.roles.isEmpty() };";

    [Fact]
    public void K1_without_policies_nothing_is_permitted_where_1_0_fell_open()
    {
        var proof = Ask("", Of());

        Assert.Equal("PermitExists", proof.Failing());
        Assert.Equal(0, proof.Missing);
        Assert.Equal(PredicateValue.Holds, proof.Value(Predicate.NotDenyExists));
    }

    [Theory]
    [InlineData("K2", PermitRead, "read", true)]
    [InlineData("K3", PermitAll, "anything", true)]
    [InlineData("K4", """permit(principal, action == AgentGate::Action::"read", resource == AgentGate::Path::"/other");""", "read", false)]
    [InlineData("K5", PermitRead, "write", false)]
    [InlineData("K6", ForbidAuditor, "read", false)]
    [InlineData("K23", """permit(principal, action == AgentGate::Action::"send", resource);""" + PermitRead, "read", true)]
    public void An_action_is_permitted_by_a_policy_that_names_it(string row, string policies, string action, bool permitted)
    {
        var proof = Ask(policies, Of(action));

        Assert.True(permitted == (proof.Value(Predicate.PermitExists) == PredicateValue.Holds), row);
        Assert.Equal(permitted ? "" : "PermitExists", proof.Failing());
    }

    [Fact]
    public void K7_where_a_rule_stood_does_not_matter() => Assert.True(Ask(PermitRead, Of()).Holds);

    [Theory]
    [InlineData("K8", PermitAdmin, "Admin", true)]
    [InlineData("K8", PermitAdmin, " ADMIN ", true)]
    [InlineData("K9", PermitAdmin, "viewer", false)]
    [InlineData("K9", PermitAdmin, "", false)]
    [InlineData("K9", PermitAdmin, null, false)]
    [InlineData("K9", PermitAdmin, "  ", false)]
    [InlineData("K10", PermitAnyRole, "anyone", true)]
    [InlineData("K10", PermitAnyRole, " ", false)]
    [InlineData("K11", """permit(principal in AgentGate::Role::"", action, resource);""", "", false)]
    [InlineData("K11", """permit(principal in AgentGate::Role::"", action, resource);""", "  ", false)]
    [InlineData("K11", """permit(principal in AgentGate::Role::"", action, resource);""", null, false)]
    public void A_role_permits_whom_the_records_give_it(string row, string policies, string? role, bool permitted)
        => Assert.True(permitted == Ask(policies, Of(role: role)).Holds, row);

    [Theory]
    [InlineData("K12", ForbidAuditor, "auditor", true)]
    [InlineData("K13", ForbidAuditor, "developer", false)]
    [InlineData("K13", ForbidAuditor, null, false)]
    [InlineData("K14", ForbidAnyRole, "x", true)]
    [InlineData("K14", ForbidAnyRole, "", false)]
    public void A_role_is_forbidden(string row, string policies, string? role, bool forbidden)
    {
        var proof = Ask(PermitAll + policies, Of(role: role));

        Assert.True(forbidden == (proof.Value(Predicate.NotDenyExists) == PredicateValue.Fails), row);
        Assert.Equal(forbidden ? new MatchedForbid(0, "policy1", IsError: false) : null, proof.Matched);
        Assert.Equal(!forbidden, proof.Holds);
    }

    [Theory]
    [InlineData("K15", PermitAdmin + """forbid(principal in AgentGate::Role::"admin", action, resource);""", "admin")]
    [InlineData("K16", PermitRead + ForbidAuditor, "auditor")]
    public void A_forbid_wins_and_the_permit_is_still_named(string row, string policies, string role)
    {
        var proof = Ask(policies, Of(role: role));

        Assert.True(proof.Failing() == "NotDenyExists", row);
        Assert.Equal("""{"permits":[{"policies":["policy0"],"question":0}]}""", proof.Witness(Predicate.PermitExists));
    }

    [Theory]
    [InlineData("read", true)]
    [InlineData("delete", false)]
    public void K17_a_blocked_operation_is_forbidden(string blocked, bool forbidden)
        => Assert.Equal(!forbidden, Ask(PermitAll + $"""forbid(principal, action == AgentGate::Action::"{blocked}", resource);""", Of()).Holds);

    [Theory]
    [InlineData("K18", "read", "Path:/api/*", "")]
    [InlineData("K19", "write", "Path:/api/*", "action_not_granted")]
    [InlineData("K19", "read", "Path:/other/*", "scope_not_granted")]
    [InlineData("K20", "*", "*", "")]
    public void A_grant_lends_what_its_giver_may_do(string row, string action, string scope, string reason)
    {
        var grants = Grants.Snapshot(Grants.Of(1, "boss", Agent, [action], [scope]));
        var alpha = Grants.Delegated(Of(), grants, 1);

        var proof = Theorem.Evaluate(alpha, Knowing("""permit(principal == AgentGate::Agent::"boss", action, resource);""", grants: grants));

        Assert.True(proof.LineageReason == (reason.Length == 0 ? null : reason), row);
        Assert.Equal(reason.Length == 0, proof.Holds);
        Assert.Contains($"\"chain\":[\"{Grants.Id(1)}\"]", proof.Witness(Predicate.LineageValid), StringComparison.Ordinal);
    }

    [Fact]
    public void K21_what_a_caller_says_of_itself_permits_nothing_where_1_0_believed_it()
        => Assert.Equal(
            "PermitExists",
            Ask("""permit(principal, action == AgentGate::Action::"send", resource);""", Of(context: Context(("direct_permit", CedarBool.True)))).Failing());

    [Fact]
    public void K22_a_rule_without_meaning_is_no_policy_and_permits_nothing() => Assert.False(Ask("", Of()).Holds);

    [Fact]
    public void K24_of_two_forbids_the_first_by_id_is_named()
    {
        var proof = Ask(PermitAll + """@id("z") forbid(principal, action, resource); @id("b") forbid(principal, action, resource);""", Of());

        Assert.Equal(new MatchedForbid(0, "b", IsError: false), proof.Matched);
    }

    [Fact]
    public void K25_nothing_is_taken_for_granted_and_nothing_is_changed()
    {
        var alpha = Of(context: Context(("extra", new CedarString("kept")))) with { Authentication = new Authentication(AuthenticationMethod.None, "", "") };
        var before = AlphaJson.Write(alpha);

        var proof = Ask(PermitAll, alpha);

        Assert.Equal("AuthValid", proof.Failing());
        Assert.Equal(before, AlphaJson.Write(alpha));
        Assert.Contains("\"extra\":\"kept\"", System.Text.Encoding.UTF8.GetString(before), StringComparison.Ordinal);
    }

    [Fact]
    public void K26_every_witness_has_its_shape()
    {
        var proof = Ask("""@id("p") @obligation("mfa_required") permit(principal, action, resource); @id("f") forbid(principal, action, resource);""", Of());

        Assert.Equal("""{"key_id":"key_1","method":"key","principal":"agent_1","tenant":"acme"}""", proof.Witness(Predicate.AuthValid));
        Assert.Equal("""{"mode":"direct"}""", proof.Witness(Predicate.LineageValid));
        Assert.Equal("""{"permits":[{"policies":["p"],"question":0}]}""", proof.Witness(Predicate.PermitExists));
        Assert.Equal("""{"checked_policies":1,"checked_questions":1,"matched":{"kind":"forbid","policy":"f","question":0}}""", proof.Witness(Predicate.NotDenyExists));
        Assert.Equal(
            """{"failures":[{"obligation":"mfa_required","reason":"mfa_not_verified"}],"required":[{"obligation":"mfa_required","source":"policy:p"}]}""",
            proof.Witness(Predicate.ObligationsMet));
    }

    [Theory]
    [InlineData("allow_direct_read", "config:read", true, true, true, null, false, true)]
    [InlineData("allow_tools_confirmed", "callTool", true, true, true, Obligations.PreviewConfirmRequired, true, true)]
    [InlineData("deny_unauthenticated", "config:update", false, true, true, null, false, false)]
    [InlineData("deny_missing_mfa", "callTool", true, true, true, Obligations.MfaRequired, false, false)]
    [InlineData("deny_missing_permit", "audit:read", true, false, true, null, false, false)]
    [InlineData("deny_preview_not_confirmed", "config:update", true, true, true, Obligations.PreviewConfirmRequired, false, false)]
    public void The_six_scenarios_decide_as_their_names_say(
        string scenario, string action, bool authenticated, bool permit, bool direct, string? demanded, bool attested, bool allow)
    {
        Assert.True(direct);
        var alpha = Of(action, "/tenant/default") with
        {
            Authentication = authenticated ? new Authentication(AuthenticationMethod.Key, Agent, Tenant, "key_1") : new Authentication(AuthenticationMethod.None, "", ""),
            Attestations = attested ? [Attested(demanded!)] : [],
        };

        var proof = Ask(permit ? PermitAll : "", alpha, demanded is null ? new() : Demanding((action, demanded)));

        Assert.True(allow == proof.Holds, scenario);
    }
}
