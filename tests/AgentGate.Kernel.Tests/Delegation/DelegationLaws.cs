using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Delegation;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Delegation;

/// <summary>What no chain of grants may ever do, for chains and requests of every kind.</summary>
public sealed class DelegationLaws
{
    private static readonly string[] s_actions = ["callTool", "delete", "read", "write"];
    private static readonly string[] s_scopes = ["*", "Tool:*", "Tool:a/*", "Tool:a/b", "Tool:a/b/*", "Path:/api/*", "Path:/api", "Path:/apiary", "Path:*"];
    private static readonly (string Type, string Id)[] s_resources =
        [("Tool", "a/b"), ("Tool", "a/b/c"), ("Tool", "b"), ("Path", "/api"), ("Path", "/api/x"), ("Path", "/apiary"), ("Path", "/api/../x")];

    private static readonly string[] s_networks = ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "192.168.0.0/16", "fe80::/10"];

    private static Gen<ImmutableArray<string>> Some(string[] words, int least)
        => Gen.SubListOf(words).Where(list => list.Count >= least).Select(list => Grants.Sorted(list));

    private static Gen<ImmutableArray<string>?> Perhaps(string[] words)
        => Gen.OneOf(Gen.Constant<ImmutableArray<string>?>(null), Some(words, 1).Select(static words => (ImmutableArray<string>?)words));

    /// <summary>Mostly wide, so that chains hold often enough for the laws to bite.</summary>
    private static Gen<Grant> AnyGrant(int number)
        => from actions in Gen.Frequency((2, Gen.Constant(ImmutableArray.Create("*"))), (3, Some(s_actions, 1)))
           from scopes in Gen.Frequency((2, Gen.Constant(ImmutableArray.Create("*"))), (3, Some(s_scopes, 1)))
           from obligations in Gen.Frequency((3, Gen.Constant(ImmutableArray<string>.Empty)), (1, Some([.. Obligations.All], 0)))
           from doors in Perhaps(["api", "mcp", "sdk"])
           from networks in Gen.Frequency((3, Gen.Constant<ImmutableArray<string>?>(null)), (1, Perhaps(s_networks)))
           from byModel in Gen.Elements(null, (bool?)false)
           from before in Gen.Choose(-1, 5)
           from after in Gen.Choose(-1, 5)
           where before + after > 0
           select Grants.Of(number, $"p{number}", $"p{number + 1}") with
           {
               Actions = actions,
               ResourceScope = scopes,
               Obligations = obligations,
               Constraints = new GrantConstraints { Doors = doors, SourceNetworks = networks, ByModel = byModel },
               IssuedAt = Grants.Noon.AddMinutes(-before),
               ExpiresAt = Grants.Noon.AddMinutes(after),
           };

    /// <summary>Chains of any kind: some links narrowed honestly, some not.</summary>
    private static Gen<Grant[]> Chains
        => from length in Gen.Choose(1, 9)
           from grants in Gen.CollectToArray(Enumerable.Range(0, length).Select(AnyGrant))
           from honest in Gen.ArrayOf(Gen.Frequency((3, Gen.Constant(true)), (1, Gen.Constant(false))), length)
           select Narrowed(grants, honest);

    private static Arbitrary<(Grant[] Chain, Alpha Asked)> Cases
        => (from chain in Chains
            from action in Gen.Elements(s_actions)
            from resource in Gen.Elements(s_resources)
            from door in Gen.Elements("api", "mcp", "sdk")
            from ip in Gen.Elements("10.1.2.3", "10.9.9.9", "192.168.1.1", "fe80::1")
            from byModel in Gen.Elements(true, false, false)
            select (chain, Grants.Asks(
                $"p{chain.Length}", chain.Length - 1, Grants.Question(action, resource.Type, resource.Id, Grants.Context(door, ip, byModel))))).ToArbitrary();

    private static Grant[] Narrowed(Grant[] grants, bool[] honest)
    {
        for (var i = 1; i < grants.Length; i++)
        {
            if (honest[i] && GrantNarrowing.Fault(grants[i], grants[i - 1]) is not null)
            {
                var (parent, child) = (grants[i - 1], grants[i]);
                grants[i] = child with
                {
                    Actions = parent.Actions,
                    ResourceScope = parent.ResourceScope,
                    Obligations = Grants.Sorted([.. parent.Obligations, .. child.Obligations]),
                    Constraints = parent.Constraints,
                    IssuedAt = parent.IssuedAt,
                    ExpiresAt = parent.ExpiresAt,
                };
            }
        }

        return grants;
    }

    private static bool Allows(Alpha asked, IGrantFacts facts) => GrantChain.Check(asked, facts).Reason is null;

    /// <summary>One link as if it were the whole chain.</summary>
    private static bool AllowsAlone(Grant link, Alpha asked)
        => Allows(asked with { Principal = link.Delegate, DelegationRef = link.Id }, Grants.Facts(link with { ParentId = null }));

    [Fact]
    public void The_cases_hold_often_enough_for_the_laws_to_mean_something()
    {
        var held = Cases.Generator.Sample(2_000).Count(static one => Allows(one.Asked, Grants.Facts(one.Chain)));

        Assert.InRange(held, 100, 1_900);
    }

    [Property(MaxTest = 1_000)]
    public Property A_chain_never_grants_more_than_any_link()
        => Prop.ForAll(Cases, static one =>
            !Allows(one.Asked, Grants.Facts(one.Chain)) || Array.TrueForAll(one.Chain, link => AllowsAlone(link, one.Asked)));

    [Property(MaxTest = 1_000)]
    public Property Revoking_any_ancestor_denies_at_once()
        => Prop.ForAll(Cases, static one =>
        {
            var facts = Grants.Facts(one.Chain);
            return !Allows(one.Asked, facts) || Array.TrueForAll(
                one.Chain,
                link => GrantChain.Check(one.Asked, facts.With(new GrantRevocation(link.Id, one.Asked.At, "test"))).Reason
                    == (link == one.Chain[^1] ? ChainReasons.Revoked : ChainReasons.ParentRevoked));
        });

    [Property(MaxTest = 1_000)]
    public Property No_expiry_is_outlived()
        => Prop.ForAll(Cases, Gen.Choose(-600_000, 600_000).ToArbitrary(), static (one, offset) =>
        {
            var at = Grants.Noon.AddMilliseconds(offset);
            return !Allows(one.Asked with { At = at }, Grants.Facts(one.Chain))
                || Array.TrueForAll(one.Chain, link => link.IssuedAt <= at && at < link.ExpiresAt);
        });

    [Property(MaxTest = 1_000)]
    public Property A_chain_that_holds_demands_every_obligation_of_every_link_at_its_leaf()
        => Prop.ForAll(Cases, static one =>
            !Allows(one.Asked, Grants.Facts(one.Chain))
                || Array.TrueForAll(one.Chain, link => link.Obligations.All(obligation => one.Chain[^1].Obligations.Contains(obligation))));

    [Property(MaxTest = 500)]
    public Property Nobody_but_the_delegate_acts_under_a_chain()
        => Prop.ForAll(Cases, static one =>
            one.Chain.Select(static link => link.Principal).Append("stranger").All(
                name => !Allows(one.Asked with { Principal = name }, Grants.Facts(one.Chain))));

    [Property(MaxTest = 500)]
    public Property Narrowing_is_reflexive()
        => Prop.ForAll(AnyGrant(0).ToArbitrary(), static grant => GrantNarrowing.WiderBy(grant, grant) is null);

    [Property(MaxTest = 3_000)]
    public Property Narrowing_is_transitive()
        => Prop.ForAll(AnyGrant(0).ToArbitrary(), AnyGrant(0).ToArbitrary(), AnyGrant(0).ToArbitrary(), static (a, b, c) =>
        {
            var narrowed = Narrowed([a, b, c], [true, true, true]);
            return GrantNarrowing.WiderBy(narrowed[2], narrowed[0]) is null
                && (GrantNarrowing.WiderBy(c, b) is not null || GrantNarrowing.WiderBy(b, a) is not null || GrantNarrowing.WiderBy(c, a) is null);
        });

    [Property(MaxTest = 3_000)]
    public Property Grants_that_are_narrower_than_each_other_mean_the_same()
        => Prop.ForAll(AnyGrant(0).ToArbitrary(), AnyGrant(0).ToArbitrary(), Cases, static (a, b, one) =>
        {
            var same = a with { Id = b.Id };
            Grant[] pair = [same, b];
            return !(GrantNarrowing.WiderBy(a, b) is null && GrantNarrowing.WiderBy(b, a) is null)
                || AllowsAlone(pair[0], one.Asked) == AllowsAlone(pair[1], one.Asked);
        });
}
