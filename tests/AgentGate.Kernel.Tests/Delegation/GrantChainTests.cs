using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Tests.Delegation;

public sealed class GrantChainTests
{
    private static ChainCheck Check(Grant[] chain, params IEnumerable<string> revoked)
    {
        var facts = Grants.Facts(chain);
        foreach (var id in revoked)
        {
            facts = facts.With(new GrantRevocation(id, Grants.Noon, "test"));
        }

        return GrantChain.Check(Grants.Asks($"p{chain.Length}", chain.Length - 1), facts);
    }

    private static void Fails(ChainCheck check, string reason, int link)
    {
        Assert.Equal(reason, check.Reason);
        Assert.Equal(link, check.Link);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void A_chain_of_up_to_eight_grants_holds(int length)
    {
        var check = Check(Grants.Chain(length));

        Assert.Null(check.Reason);
        Assert.Null(check.Link);
        Assert.Equal(Enumerable.Range(0, length).Reverse().Select(Grants.Id), check.Chain.Select(static grant => grant.Id));
    }

    [Fact]
    public void The_grant_that_the_old_system_could_not_use_is_used()
    {
        // Its parent is not the delegate's own grant, so a lookup by delegate never finds it.
        var facts = Grants.Facts(Grants.Of(0, "boss", "lead"), Grants.Of(1, "lead", "worker"));

        Assert.Null(GrantChain.Check(Grants.Asks("worker", 1), facts).Reason);
    }

    [Fact]
    public void Nine_grants_are_too_many() => Fails(Check(Grants.Chain(9)), ChainReasons.Depth, 8);

    [Fact]
    public void A_circle_ends()
    {
        var chain = Grants.Chain(2);

        Fails(Check([chain[0] with { ParentId = chain[1].Id }, chain[1]]), ChainReasons.Depth, 8);
        Fails(Check([chain[0] with { ParentId = chain[0].Id }]), ChainReasons.Depth, 8);
    }

    [Fact]
    public void A_missing_grant_is_named_by_its_place()
    {
        var chain = Grants.Chain(3);

        Fails(GrantChain.Check(Grants.Asks("p3", 2), GrantSnapshot.Empty), ChainReasons.GrantMissing, 0);
        Fails(GrantChain.Check(Grants.Asks("p3", 2), Grants.Facts(chain[1], chain[2])), ChainReasons.ParentMissing, 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("g_")]
    [InlineData("G_00000000000000000000000000000002")]
    [InlineData("g_00000000000000000000000000000002 ")]
    [InlineData("../g_00000000000000000000000000000002")]
    public void A_hostile_id_names_no_grant(string id)
        => Fails(GrantChain.Check(Grants.Asks("p3", 2) with { DelegationRef = id }, Grants.Facts(Grants.Chain(3))), ChainReasons.GrantMissing, 0);

    [Fact]
    public void Another_tenants_grant_counts_nowhere()
    {
        var chain = Grants.Chain(2);

        Fails(Check([chain[0] with { Tenant = "other" }, chain[1]]), ChainReasons.CrossTenant, 1);
    }

    [Fact]
    public void Only_the_delegate_acts_under_a_grant()
    {
        var facts = Grants.Facts(Grants.Chain(2));

        Fails(GrantChain.Check(Grants.Asks("p1", 1), facts), ChainReasons.DelegateMismatch, 0);
        Fails(GrantChain.Check(Grants.Asks("P2", 1), facts), ChainReasons.DelegateMismatch, 0);
    }

    [Fact]
    public void A_link_whose_granter_is_not_the_delegate_above_breaks_the_chain()
    {
        var chain = Grants.Chain(2);

        Fails(Check([chain[0] with { Delegate = "somebody" }, chain[1]]), ChainReasons.DelegateMismatch, 1);
    }

    [Fact]
    public void A_revoked_grant_denies_and_so_does_a_revoked_ancestor()
    {
        Fails(Check(Grants.Chain(3), Grants.Id(2)), ChainReasons.Revoked, 0);
        Fails(Check(Grants.Chain(3), Grants.Id(1)), ChainReasons.ParentRevoked, 1);
        Fails(Check(Grants.Chain(3), Grants.Id(0)), ChainReasons.ParentRevoked, 2);
        Assert.Null(Check(Grants.Chain(3), Grants.Id(7)).Reason);
    }

    [Fact]
    public void A_grant_counts_from_its_first_moment_until_before_its_last()
    {
        var grant = Grants.Of(0, "p0", "p1");
        var moment = TimeSpan.FromMilliseconds(1);

        Assert.Null(Check([grant with { IssuedAt = Grants.Noon }]).Reason);
        Assert.Null(Check([grant with { ExpiresAt = Grants.Noon + moment }]).Reason);
        Fails(Check([grant with { IssuedAt = Grants.Noon + moment }]), ChainReasons.NotYetValid, 0);
        Fails(Check([grant with { ExpiresAt = Grants.Noon }]), ChainReasons.Expired, 0);
    }

    [Fact]
    public void An_expired_ancestor_denies()
    {
        var chain = Grants.Chain(2);

        Fails(Check([chain[0] with { ExpiresAt = Grants.Noon }, chain[1]]), ChainReasons.ParentExpired, 1);
    }

    [Fact]
    public void A_child_that_is_wider_than_its_parent_denies_with_what_it_widens()
    {
        var chain = Grants.Chain(2);
        var (parent, child) = (chain[0], chain[1]);

        Fails(Check([parent with { Actions = ["callTool"] }, child]), ChainReasons.ActionAttenuation, 0);
        Fails(Check([parent with { ResourceScope = ["Tool:crm/*"] }, child]), ChainReasons.ScopeAttenuation, 0);
        Fails(Check([parent with { Obligations = ["mfa_required"] }, child]), ChainReasons.ObligationAttenuation, 0);
        Fails(Check([parent with { Constraints = new() { ByModel = false } }, child]), ChainReasons.ConstraintAttenuation, 0);
        Fails(Check([parent, child with { ExpiresAt = parent.ExpiresAt.AddMilliseconds(1) }]), ChainReasons.ExpiryAttenuation, 0);
        Fails(Check([parent, child with { IssuedAt = parent.IssuedAt.AddMilliseconds(-1) }]), ChainReasons.ExpiryAttenuation, 0);
    }

    [Fact]
    public void Every_question_must_be_covered_by_every_link()
    {
        var chain = Grants.Chain(2);
        Grant[] narrow = [chain[0] with { Actions = ["callTool", "delete"], ResourceScope = ["Path:/tmp/*", "Tool:crm/*"] }, chain[1] with { Actions = ["callTool", "delete"], ResourceScope = ["Path:/tmp/*", "Tool:crm/*"] }];
        var facts = Grants.Facts(narrow);
        ChainCheck Ask(params AgentGate.Kernel.Admissibility.PolicyQuestion[] questions) => GrantChain.Check(Grants.Asks("p2", 1, questions), facts);
        var call = Grants.Question("callTool", "Tool", "crm/clean");

        Assert.Null(Ask(call, Grants.Question("delete", "Path", "/tmp/x")).Reason);
        Fails(Ask(call, Grants.Question("delete", "Path", "/prod/x")), ChainReasons.ScopeNotGranted, 0);
        Fails(Ask(call, Grants.Question("write", "Path", "/tmp/x")), ChainReasons.ActionNotGranted, 0);
        Fails(Ask(Grants.Question("callTool", "Tool", "billing/pay")), ChainReasons.ScopeNotGranted, 0);
    }

    [Theory]
    [InlineData("api", "10.1.2.3", false, null)]
    [InlineData("mcp", "10.1.2.3", false, ChainReasons.ConstraintFailed)]
    [InlineData("api", "11.1.2.3", false, ChainReasons.ConstraintFailed)]
    [InlineData("api", "::ffff", false, ChainReasons.ConstraintFailed)]
    [InlineData("api", "10.1.2.3", true, ChainReasons.ConstraintFailed)]
    [InlineData(null, "10.1.2.3", false, ChainReasons.ConstraintFailed)]
    [InlineData("api", null, false, ChainReasons.ConstraintFailed)]
    [InlineData("api", "10.1.2.3", null, ChainReasons.ConstraintFailed)]
    public void Constraints_hold_in_the_attested_context_or_the_chain_does_not(string? door, string? ip, bool? byModel, string? reason)
    {
        var grant = Grants.Of(0, "p0", "p1") with { Constraints = new() { Doors = ["api"], SourceNetworks = ["10.0.0.0/8"], ByModel = false } };

        var check = GrantChain.Check(
            Grants.Asks("p1", 0, Grants.Question("callTool", "Tool", "x", Grants.Context(door, ip, byModel))), Grants.Facts(grant));

        Assert.Equal(reason, check.Reason);
    }

    [Fact]
    public void The_first_rule_that_fails_names_the_reason()
    {
        var chain = Grants.Chain(3);

        // Revoked at the root and out of scope at the leaf: revocation comes first, however near the leaf the other is.
        Fails(Check([chain[0], chain[1], chain[2] with { ResourceScope = ["Tool:other"] }], Grants.Id(0)), ChainReasons.ParentRevoked, 2);
    }
}
