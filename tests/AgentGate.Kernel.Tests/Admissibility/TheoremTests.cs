using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using static AgentGate.Kernel.Tests.Admissibility.Requests;

namespace AgentGate.Kernel.Tests.Admissibility;

/// <summary>
/// What 1.0 got wrong, as far as the theorem decides it. The other rows of that list: spellings of paths and a tool's effects in
/// AgentGate.Tests/Policies (TargetEvasionTests, KernelRulesTests.Spelling_a_resource_otherwise_escapes_no_deny and
/// A_tool_that_deletes_is_denied_what_delete_is_denied), honey tokens in AgentGate.Tests/Deception
/// (A_token_that_is_not_touched_is_no_concern_of_anybodys_call), long plans in Plans/PlanVerifierTests
/// (A_plan_over_its_bound_is_refused_and_never_shortened).
/// </summary>
public sealed class TheoremTests
{
    private const string PermitAll = """@id("p") permit(principal, action, resource);""";

    [Theory]
    [InlineData("/Prod/*", "/Prod/a", true)]
    [InlineData("/prod/*", "/dev/a", false)]
    [InlineData("s3://bucket/*", "s3://bucket/a", true)]
    public void A_forbid_of_a_pattern_holds_for_what_the_pattern_says(string pattern, string path, bool forbidden)
        => Assert.Equal(!forbidden, Ask(PermitAll + $$"""forbid(principal, action, resource) when { resource.id like "{{pattern}}" };""", Of(path: path)).Holds);

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.0.0.0", "10.0.0.0", true)]
    public void A_range_of_addresses_is_a_range(string range, string address, bool forbidden)
    {
        Assert.True(CedarIpAddress.TryParse(address, out var ip));

        Assert.Equal(!forbidden, Ask(PermitAll + ForbidFrom(range), Of(context: Context(("sourceIp", ip)))).Holds);
    }

    [Fact]
    public void What_is_no_address_is_in_no_range()
    {
        Assert.False(CedarIpAddress.TryParse("10.0.0.01", out _));
        Assert.True(Ask(PermitAll + ForbidFrom("10.0.0.0"), Of()).Holds);
    }

    [Fact]
    public void An_approval_counts_when_the_server_attests_it_and_never_when_the_caller_says_it()
    {
        var settings = Demanding(("read", Obligations.ApprovalRequired));
        var claimed = Of(context: Context(("human_approved", CedarBool.True)));

        var proof = Ask(PermitAll, claimed, settings);
        Assert.Equal("ObligationsMet", proof.Failing());
        Assert.Equal([new UnmetObligation(Obligations.ApprovalRequired, "approval_missing")], proof.Unmet);
        Assert.True(Ask(PermitAll, claimed with { Attestations = [Attested(Obligations.ApprovalRequired)] }, settings).Holds);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(900, true)]
    [InlineData(901, false)]
    [InlineData(-1, false)]
    public void An_attestation_counts_for_its_time_and_not_from_the_future(int secondsAgo, bool counts)
        => Assert.Equal(
            counts,
            Ask(PermitAll, Of() with { Attestations = [Attested(Obligations.MfaRequired, TimeSpan.FromSeconds(secondsAgo))] }, Demanding(("*", Obligations.MfaRequired))).Holds);

    [Fact]
    public void A_moment_between_two_milliseconds_decides_as_a_verifier_will_see_it()
    {
        var alpha = Of() with { At = At.AddTicks(7), Attestations = [new Attestation(Obligations.MfaRequired, At.AddTicks(9), "person_1")] };

        Assert.True(Ask(PermitAll, alpha, Demanding(("*", Obligations.MfaRequired))).Holds);
    }

    [Fact]
    public void A_chain_of_grants_is_followed_to_its_root()
    {
        var grants = Grants.Snapshot(
            Grants.Of(1, "boss", "middle", ["*"], ["*"]), Grants.Of(2, "middle", Agent, ["read"], ["Path:/api/*"], 1));
        var knowledge = Knowing("""@id("p") permit(principal == AgentGate::Agent::"boss", action, resource);""", grants: grants);

        var proof = Theorem.Evaluate(Grants.Delegated(Of(), grants, 2), knowledge);

        Assert.True(proof.Holds);
        Assert.Equal($$"""{"chain":["{{Grants.Id(2)}}","{{Grants.Id(1)}}"],"mode":"delegated"}""", proof.Witness(Predicate.LineageValid));
    }

    [Fact]
    public void A_forbid_of_anybody_in_the_chain_denies()
    {
        var grants = Grants.Snapshot(
            Grants.Of(1, "boss", "middle", ["*"], ["*"]), Grants.Of(2, "middle", Agent, ["read"], ["Path:/api/*"], 1));
        var knowledge = Knowing(PermitAll + """@id("f") forbid(principal == AgentGate::Agent::"middle", action, resource);""", grants: grants);

        Assert.Equal("f", Theorem.Evaluate(Grants.Delegated(Of(), grants, 2), knowledge).Matched?.Policy);
    }

    [Fact]
    public void An_obligation_of_a_grant_is_required_as_well()
    {
        var grants = Grants.Snapshot(Grants.Of(1, "boss", Agent, ["*"], ["*"], null, Obligations.MfaRequired));

        var proof = Theorem.Evaluate(Grants.Delegated(Of(), grants, 1), Knowing(PermitAll, grants: grants));

        Assert.Equal("ObligationsMet", proof.Failing());
        Assert.Contains($"grant:{Grants.Id(1)}", proof.Witness(Predicate.ObligationsMet), StringComparison.Ordinal);
    }

    [Fact]
    public void A_forbid_that_cannot_be_evaluated_forbids_and_a_permit_that_cannot_does_not_permit()
    {
        var broken = Ask(PermitAll + """@id("f") forbid(principal, action, resource) when { context.absent };""", Of());
        Assert.Equal(new MatchedForbid(0, "f", IsError: true), broken.Matched);
        Assert.Equal("f", Assert.Single(broken.Errors).Error.PolicyId);

        var permit = Ask("""@id("p") permit(principal, action, resource) when { context.absent };""", Of());
        Assert.Equal("PermitExists", permit.Failing());
        Assert.Null(permit.Matched);
    }

    [Fact]
    public void A_satisfied_forbid_is_named_before_one_that_errs_and_the_first_question_before_the_next()
    {
        const string Policies = PermitAll + """
            @id("a") forbid(principal, action, resource) when { context.absent };
            @id("b") forbid(principal, action, resource) when { resource.id == "/second" };
            """;
        var (first, second) = (Of(), Of(path: "/second"));
        var both = first with { Questions = [first.Questions[0], second.Questions[0]] };

        Assert.Equal(new MatchedForbid(0, "b", IsError: false), Ask(Policies, second).Matched);
        Assert.Equal(new MatchedForbid(0, "a", IsError: true), Ask(Policies, both).Matched);
    }

    [Fact]
    public void Another_spelling_is_asked_for_forbids_only()
    {
        var (first, folded) = (Of(path: "/Prod"), Of(path: "/prod").Questions[0] with { Demand = QuestionDemand.NoForbid });
        var alpha = first with { Questions = [first.Questions[0], folded] };

        Assert.True(Ask("""permit(principal, action, resource == AgentGate::Path::"/Prod");""", alpha).Holds);
        Assert.Equal(1, Ask(PermitAll + """forbid(principal, action, resource == AgentGate::Path::"/prod");""", alpha).Matched?.Question);
        Assert.False(Ask(PermitAll, first with { Questions = [folded] }).Holds);
    }

    [Fact]
    public void Every_further_permission_must_be_permitted()
    {
        var (first, second) = (Of(), Of("send", "/mail"));
        var alpha = first with { Questions = [first.Questions[0], second.Questions[0]] };

        var proof = Ask("""@id("p") permit(principal, action == AgentGate::Action::"read", resource);""", alpha);

        Assert.Equal(1, proof.Missing);
        Assert.Equal("""{"missing":1,"permits":[{"policies":["p"],"question":0}]}""", proof.Witness(Predicate.PermitExists));
    }

    [Fact]
    public void A_witness_names_sixteen_permits_and_obligations_come_from_all()
    {
        var policies = string.Concat(Enumerable.Range(10, 20).Select(static i => $"@id(\"p{i}\") permit(principal, action, resource);"))
            + """@id("z") @obligation("approval_required") permit(principal, action, resource);""";

        var proof = Ask(policies, Of());

        Assert.DoesNotContain("\"z\"", proof.Witness(Predicate.PermitExists), StringComparison.Ordinal);
        Assert.Equal(21, proof.Permits[0].Policies.Length);
        Assert.Equal("ObligationsMet", proof.Failing());
    }

    [Theory]
    [InlineData("mfa_required , approval_required", "approval_required:approval_missing,mfa_required:mfa_not_verified")]
    [InlineData("", "")]
    [InlineData(" , ", "")]
    [InlineData("mfa_requird", "mfa_requird:unknown_obligation")]
    [InlineData("MFA_REQUIRED", "MFA_REQUIRED:unknown_obligation")]
    public void An_annotation_demands_its_words_and_a_word_nobody_knows_is_never_fulfilled(string annotation, string unmet)
        => Assert.Equal(
            unmet,
            string.Join(",", Ask($"@obligation(\"{annotation}\") permit(principal, action, resource);", Of()).Unmet.Select(static one => $"{one.Obligation}:{one.Reason}")));

    [Fact]
    public void A_quorum_is_fulfilled_by_votes_alone()
    {
        var settings = Demanding(("read", Obligations.QuorumRequired)) with { Quorum = new VoteQuorum(2, [new("n1", "k1"), new("n2", "k2"), new("n3", "k3")]) };
        var alpha = Of() with { Attestations = [Attested(Obligations.QuorumRequired)] };

        Assert.Equal([new UnmetObligation(Obligations.QuorumRequired, "quorum_missing")], Theorem.Evaluate(alpha, Knowing(PermitAll, settings), 1).Unmet);
        Assert.True(Theorem.Evaluate(alpha, Knowing(PermitAll, settings), 2).Holds);
        Assert.False(Theorem.Evaluate(alpha, Knowing(PermitAll, settings with { Quorum = null }), 5).Holds);
    }

    [Theory]
    [InlineData(AuthenticationMethod.Key, Agent, Tenant, true)]
    [InlineData(AuthenticationMethod.Process, Agent, Tenant, true)]
    [InlineData(AuthenticationMethod.None, Agent, Tenant, false)]
    [InlineData(AuthenticationMethod.Key, "agent_2", Tenant, false)]
    [InlineData(AuthenticationMethod.Key, Agent, "other", false)]
    public void The_principal_is_whom_the_records_name(AuthenticationMethod method, string principal, string tenant, bool holds)
        => Assert.Equal(holds, Ask(PermitAll, Of() with { Authentication = new Authentication(method, principal, tenant) }).Holds);

    private static string ForbidFrom(string range)
        => $$"""forbid(principal, action, resource) when { context has sourceIp && context.sourceIp.isInRange(ip("{{range}}")) };""";
}
