using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Syntax;
using FsCheck.Xunit;

namespace AgentGate.Cedar.Tests.Laws;

/// <summary>The theorems that hold for Cedar's authorizer, on random policies, entities and requests.</summary>
public sealed class AuthorizationLawTests
{
    private const int Runs = 3_000;

    [Property(MaxTest = Runs)]
    public void Forbid_overrides_permit(int seed)
    {
        var world = new SmallWorld(seed);
        var policies = world.Policies(8).Add(new Policy { Id = "no", Effect = PolicyEffect.Forbid });

        var result = Authorizer.Create(policies).Authorize(world.Request(), world.Entities());

        Assert.Equal(AuthorizationDecision.Deny, result.Decision);
        Assert.Contains("no", result.DeterminingPolicies);
        Assert.All(result.DeterminingPolicies, id => Assert.Equal(PolicyEffect.Forbid, Effect(policies, id)));
    }

    [Property(MaxTest = Runs)]
    public void Nothing_is_allowed_without_an_explicit_permit(int seed)
    {
        var world = new SmallWorld(seed);
        var policies = world.Policies(8);
        var (request, entities) = (world.Request(), world.Entities());

        var result = Authorizer.Create(policies).Authorize(request, entities);
        if (result.Decision == AuthorizationDecision.Allow)
        {
            Assert.NotEmpty(result.DeterminingPolicies);
            Assert.All(result.DeterminingPolicies, id => Assert.Equal(PolicyEffect.Permit, Effect(policies, id)));
        }

        var forbidding = PolicySet.Empty.AddRange(policies.Policies.Where(policy => policy.Effect == PolicyEffect.Forbid));
        Assert.Equal(AuthorizationDecision.Deny, Authorizer.Create(forbidding).Authorize(request, entities).Decision);
    }

    [Property(MaxTest = 200)]
    public void An_empty_set_denies_by_default(int seed)
    {
        var world = new SmallWorld(seed);
        var result = Authorizer.Create(PolicySet.Empty).Authorize(world.Request(), world.Entities());

        Assert.Equal(AuthorizationDecision.Deny, result.Decision);
        Assert.Empty(result.DeterminingPolicies);
        Assert.Empty(result.Errors);
    }

    [Property(MaxTest = Runs)]
    public void The_order_of_the_policies_does_not_matter(int seed)
    {
        var world = new SmallWorld(seed);
        var policies = world.Policies(8);
        var (request, entities) = (world.Request(), world.Entities());
        var shuffled = policies.Policies.ToArray();
        new Random(seed).Shuffle(shuffled);

        var one = Authorizer.Create(policies).Authorize(request, entities);
        var other = Authorizer.Create(PolicySet.Empty.AddRange(shuffled)).Authorize(request, entities);

        Assert.Equal(one.Decision, other.Decision);
        Assert.Equal(one.DeterminingPolicies.Order(), other.DeterminingPolicies.Order());
        Assert.Equal(one.Errors.Select(error => error.PolicyId).Order(), other.Errors.Select(error => error.PolicyId).Order());
    }

    [Property(MaxTest = Runs)]
    public void Slicing_by_the_index_changes_nothing(int seed)
    {
        var world = new SmallWorld(seed);
        var authorizer = Authorizer.Create(world.Policies(24));
        var entities = world.Entities();
        for (var i = 0; i < 4; i++)
        {
            var request = world.Request();
            AssertSame(authorizer.AuthorizeWithoutIndex(request, entities), authorizer.Authorize(request, entities));
        }
    }

    [Property(MaxTest = Runs)]
    public void A_changed_authorizer_answers_as_a_new_one(int seed)
    {
        var (world, random) = (new SmallWorld(seed), new Random(seed));
        var policies = world.Policies(12);
        var authorizer = Authorizer.Create(policies);
        for (var change = 0; change < 12; change++)
        {
            var gone = "p" + random.Next(16);
            policies = random.Next(3) switch
            {
                0 => policies.Remove(gone),
                1 => policies.Remove(gone).Add(world.Policy(gone)),
                _ => PolicySet.Empty.AddRange(policies.Policies.OrderBy(_ => random.Next(4))),
            };
            authorizer = authorizer.With(policies);
            var (request, entities) = (world.Request(), world.Entities());
            AssertSame(Authorizer.Create(policies).Authorize(request, entities), authorizer.Authorize(request, entities));
        }
    }

    [Property(MaxTest = 200)]
    public void Policies_added_and_removed_one_by_one_answer_as_a_new_authorizer(int seed)
    {
        var (world, random) = (new SmallWorld(seed), new Random(seed));
        var authorizer = Authorizer.Create(world.Policies(12));
        for (var change = 0; change < 40; change++)
        {
            var id = "p" + random.Next(20);
            authorizer = authorizer.Policies.TryGet(id, out _) ? authorizer.Remove(id) : authorizer.Add(world.Policy(id));
            var (request, entities) = (world.Request(), world.Entities());
            AssertSame(Authorizer.Create(authorizer.Policies).Authorize(request, entities), authorizer.Authorize(request, entities));
        }
    }

    [Fact]
    public void An_authorizer_that_changes_a_thousand_times_answers_as_a_new_one()
    {
        var world = new SmallWorld(1);
        var authorizer = Authorizer.Create(world.Policies(12));
        for (var change = 0; change < 1_000; change++)
        {
            authorizer = authorizer.Add(world.Policy("q" + change));
            authorizer = change % 3 == 0 ? authorizer.Remove("q" + (change / 2)) : authorizer;
        }

        var (request, entities) = (world.Request(), world.Entities());
        AssertSame(Authorizer.Create(authorizer.Policies).Authorize(request, entities), authorizer.Authorize(request, entities));
    }

    [Property(MaxTest = Runs)]
    public void A_policy_that_errs_does_not_count_and_is_reported(int seed)
    {
        var world = new SmallWorld(seed);
        var policies = world.Policies(8);
        var (request, entities) = (world.Request(), world.Entities());

        var result = Authorizer.Create(policies).Authorize(request, entities);
        var without = Authorizer.Create(result.Errors.Aggregate(policies, (rest, error) => rest.Remove(error.PolicyId))).Authorize(request, entities);

        Assert.Equal(result.Decision, without.Decision);
        Assert.Equal(result.DeterminingPolicies, without.DeterminingPolicies);
        Assert.Empty(without.Errors);
    }

    private static void AssertSame(AuthorizationResult expected, AuthorizationResult actual)
    {
        Assert.Equal(expected.Decision, actual.Decision);
        Assert.Equal(expected.DeterminingPolicies, actual.DeterminingPolicies);
        Assert.Equal(expected.Errors.Select(error => (error.PolicyId, error.Kind)), actual.Errors.Select(error => (error.PolicyId, error.Kind)));
    }

    private static PolicyEffect Effect(PolicySet policies, string id) => policies.TryGet(id, out var policy) ? policy.Effect : throw new KeyNotFoundException(id);
}
