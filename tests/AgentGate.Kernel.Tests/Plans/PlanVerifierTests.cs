using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Plans;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Tests.Plans;

public class PlanVerifierTests
{
    /// <summary>The tables' policies: all is permitted but to delete below /prod, and nothing is written once it is frozen.</summary>
    private const string Policies = """
        @id("all") permit (principal, action, resource);
        @id("no_prod") forbid (principal, action == AgentGate::Action::"delete", resource in AgentGate::Path::"/prod");
        @id("frozen") forbid (principal, action == AgentGate::Action::"write", resource) when { context.facts.contains("frozen") };
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_first_step_that_is_forbidden_is_named_and_nothing_after_it_is_evaluated(int blocked)
    {
        var world = new PlanWorld(Policies);
        List<PlanStep> steps = [PlanWorld.Step("read", "/data/a"), PlanWorld.Step("read", "/data/b"), PlanWorld.Step("read", "/data/c"), PlanWorld.Step("delete", "/prod/x")];
        steps.Insert(blocked, PlanWorld.Step("delete", "/prod/db"));

        var result = PlanVerifier.Verify(steps, PlanTier.Low, world);

        Assert.False(result.IsSafe);
        Assert.Equal(blocked, result.BlockedStepIndex);
        Assert.Equal("The policy \"no_prod\" forbids delete.", result.BlockedReason);
        Assert.Equal(["NotDenyExists"], result.FailedPredicates);
        Assert.Equal((5, blocked + 1), (result.TotalSteps, result.EvaluatedSteps));
        Assert.Equal(blocked + 1, world.Asked);
    }

    [Fact]
    public void A_plan_without_a_step_is_safe()
    {
        var result = PlanVerifier.Verify([], PlanTier.High, new PlanWorld(""));

        Assert.True(result.IsSafe);
        Assert.Equal((-1, 0, 0, 20), (result.BlockedStepIndex, result.TotalSteps, result.EvaluatedSteps, result.Bound));
    }

    [Fact]
    public void A_step_without_action_or_resource_is_unsafe()
    {
        PlanStep[] incomplete =
        [
            new() { Resource = new EntityRef("AgentGate::Path", "/a") }, new() { Action = "read" }, new() { Action = "", Resource = new EntityRef("AgentGate::Path", "/a") },
            new() { Action = "read", Resource = new EntityRef("AgentGate::Path", "") },
        ];

        Assert.All(incomplete, step =>
        {
            var result = PlanVerifier.Verify([PlanWorld.Step("read", "/a"), step], PlanTier.Low, new PlanWorld(Policies));

            Assert.False(result.IsSafe);
            Assert.Equal(1, result.BlockedStepIndex);
            Assert.Equal(["missing_action_or_resource"], result.FailedPredicates);
        });
    }

    [Fact]
    public void A_step_that_the_gate_could_not_read_is_unsafe()
    {
        var result = PlanVerifier.Verify([PlanWorld.Step("read", "/a/../b")], PlanTier.Low, new PlanWorld(Policies));

        Assert.Equal((false, 0, "A path cannot be read."), (result.IsSafe, result.BlockedStepIndex, result.BlockedReason));
    }

    [Theory]
    [InlineData(PlanTier.Low, 5)]
    [InlineData(PlanTier.Medium, 10)]
    [InlineData(PlanTier.High, 20)]
    [InlineData(PlanTier.Critical, 30)]
    public void A_plan_over_its_bound_is_refused_and_never_shortened(PlanTier tier, int bound)
    {
        var world = new PlanWorld(Policies);
        var steps = Enumerable.Range(0, bound).Select(i => PlanWorld.Step("read", $"/data/{i}")).ToList();

        Assert.True(PlanVerifier.Verify(steps, tier, world).IsSafe);
        steps.Add(PlanWorld.Step("delete", "/prod/db"));
        var refused = Assert.Throws<PlanRefusedException>(() => PlanVerifier.Verify(steps, tier, world));

        Assert.Contains($"{bound + 1} steps", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"{tier.Word()} allows {bound}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(bound, world.Asked);
    }

    [Fact]
    public void A_fact_that_a_step_adds_forbids_the_next_one()
    {
        var world = new PlanWorld(Policies);

        Assert.True(PlanVerifier.Verify([PlanWorld.Step("write", "/data/a")], PlanTier.Low, world).IsSafe);
        var result = PlanVerifier.Verify([PlanWorld.Step("read", "/data/a", PlanWorld.Adds("frozen")), PlanWorld.Step("write", "/data/a")], PlanTier.Low, world);

        Assert.Equal((false, 1), (result.IsSafe, result.BlockedStepIndex));
        Assert.Equal("The policy \"frozen\" forbids write.", result.BlockedReason);
        var freed = new PlanEffects { RemoveFacts = ["frozen"] };
        Assert.True(PlanVerifier.Verify(
            [PlanWorld.Step("read", "/a", PlanWorld.Adds("frozen")), PlanWorld.Step("read", "/b", freed), PlanWorld.Step("write", "/c")], PlanTier.Low, world).IsSafe);
    }

    [Fact]
    public void A_step_does_not_see_its_own_effects()
        => Assert.True(PlanVerifier.Verify([PlanWorld.Step("write", "/a", PlanWorld.Adds("frozen"))], PlanTier.Low, new PlanWorld(Policies)).IsSafe);

    [Fact]
    public void A_grant_that_a_step_revokes_does_not_carry_the_next_one()
    {
        var grant = new Grant
        {
            Id = "g_" + new string('a', 32), Tenant = "default", Principal = "boss", Delegate = "agent_1", Actions = ["read"], ResourceScope = ["Path:/data/*"],
            IssuedAt = PlanWorld.At.AddDays(-1), ExpiresAt = PlanWorld.At.AddDays(1),
        };
        var world = new PlanWorld(Policies) { Grants = GrantSnapshot.Create([SignedGrant.Sign(grant, SigningKey.Create(SignatureAlgorithm.Ed25519, new byte[32]))], []) };
        var revokes = new PlanEffects { Revokes = [grant.Id] };

        Assert.True(PlanVerifier.Verify([PlanWorld.Step("read", "/data/a", revokes, grant.Id)], PlanTier.Low, world).IsSafe);
        var result = PlanVerifier.Verify([PlanWorld.Step("read", "/data/a", revokes, grant.Id), PlanWorld.Step("read", "/data/b", null, grant.Id)], PlanTier.Low, world);

        Assert.Equal((false, 1, "The delegation does not hold: revoked."), (result.IsSafe, result.BlockedStepIndex, result.BlockedReason));
        Assert.Equal(["LineageValid"], result.FailedPredicates);
    }

    [Fact]
    public void An_assumption_fulfils_an_obligation_and_is_listed()
    {
        var world = new PlanWorld("""@id("pay") @obligation("approval_required") permit (principal, action, resource);""") { Settings = new AdmissibilitySettings() };
        var approved = new PlanEffects { Attests = ["approval_required"] };

        var without = PlanVerifier.Verify([PlanWorld.Step("pay", "/a")], PlanTier.Low, world);
        var with = PlanVerifier.Verify([PlanWorld.Step("pay", "/a")], PlanTier.Low, world, PlanState.Initial.After(approved));

        Assert.Equal((false, "Not fulfilled: approval_required."), (without.IsSafe, without.BlockedReason));
        Assert.Empty(without.Assumptions);
        Assert.True(with.IsSafe);
        Assert.Equal(["approval_required"], with.Assumptions);
        Assert.Equal("assumed", Assert.Single(with.Steps[0].Moment!.Alpha.Attestations).By);
    }

    [Fact]
    public void Votes_cannot_be_assumed_and_words_are_bounded()
    {
        PlanEffects[] refused =
        [
            new() { Attests = ["quorum_required"] }, new() { Attests = ["admin"] }, new() { AddFacts = [""] }, new() { AddFacts = [new string('a', 129)] },
            new() { RemoveFacts = [.. Enumerable.Repeat("a", 65)] },
        ];

        Assert.All(refused, effects => Assert.StartsWith(
            "steps[1].effects.",
            Assert.Throws<PlanRefusedException>(() => PlanVerifier.Verify([PlanWorld.Step("read", "/a"), PlanWorld.Step("read", "/a", effects)], PlanTier.Low, new PlanWorld(Policies))).Field,
            StringComparison.Ordinal));
    }
}
