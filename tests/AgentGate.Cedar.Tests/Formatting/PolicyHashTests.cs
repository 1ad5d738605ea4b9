using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Formatting;

public sealed class PolicyHashTests
{
    [Theory]
    [InlineData("permit(principal, action, resource) when { context.a };", "// why\npermit ( principal,action , resource, )\nwhen { ((context)[\"a\"]) };")]
    [InlineData("@a(\"1\") @b permit(principal, action, resource);", "@b(\"\") @a(\"\\x31\") permit(principal, action, resource);")]
    [InlineData("permit(principal, action, resource) when { {a: 1, b: 2} == 1 };", "permit(principal, action, resource) when { {b: 2, \"a\": 1} == 1 };")]
    [InlineData("permit(principal, action in Action::\"a\", resource);", "permit(principal, action in [Action::\"a\"], resource);")]
    public void What_does_not_change_the_policy_does_not_change_its_hash(string one, string other) => Assert.Equal(Hash(one), Hash(other));

    [Theory]
    [InlineData("permit(principal, action, resource);", "forbid(principal, action, resource);")]
    [InlineData("permit(principal, action, resource) when { true };", "permit(principal, action, resource) unless { true };")]
    [InlineData("permit(principal, action, resource) when { context has a.b };", "permit(principal, action, resource) when { context has a && context.a has b };")]
    [InlineData("permit(principal, action, resource) when { 1 < 2 };", "permit(principal, action, resource) when { 2 > 1 };")]
    [InlineData("permit(principal, action, resource) when { \"a\" like \"*\" };", "permit(principal, action, resource) when { \"a\" like \"\\*\" };")]
    [InlineData("@a(\"1\") permit(principal, action, resource);", "@a(\"2\") permit(principal, action, resource);")]
    public void What_changes_the_policy_changes_its_hash(string one, string other) => Assert.NotEqual(Hash(one), Hash(other));

    [Fact]
    public void The_hash_stays_the_same_over_releases()
        => Assert.Equal("83410c4c41c19b3d41050545f2842904862d14ba4a3538d932bd9ca960d1f090", Hash("@id(\"a\") permit(principal == User::\"é\", action, resource) when { context.n > 9007199254740993 };"));

    [Fact]
    public void The_hash_of_a_set_depends_on_ids_and_links_and_not_on_the_order()
    {
        var policies = PolicySet.Parse("permit(principal, action, resource); forbid(principal, action, resource); permit(principal == ?principal, action, resource);");
        var turned = PolicySet.Empty.AddRange(policies.Policies.Reverse().Concat(policies.Templates));
        Assert.Equal(PolicyHash.Of(policies), PolicyHash.Of(turned));

        var one = policies.Link(new TemplateLink("policy2", "link", new EntityUid("User", "a"), null));
        var other = policies.Link(new TemplateLink("policy2", "link", new EntityUid("User", "b"), null));
        var copied = policies.Add(one.Policies[^1]);
        var renamed = PolicySet.Empty.AddRange(policies.Policies.Select(policy => policy.WithId("x" + policy.Id)).Concat(policies.Templates));
        Assert.Equal(5, new[] { policies, one, other, copied, renamed }.Select(PolicyHash.Of).Distinct().Count());
    }

    private static string Hash(string text) => PolicyHash.Of(Assert.Single(PolicySet.Parse(text).Policies));
}
