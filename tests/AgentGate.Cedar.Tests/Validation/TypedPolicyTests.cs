using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>The types of a policy's expressions, which analyses start from.</summary>
public sealed class TypedPolicyTests
{
    private static readonly Validator Validator = new(TypingSamples.Schema);

    [Fact]
    public void Every_kind_of_request_of_the_schema_is_an_environment()
        => Assert.Equal(
            ["Bot edit File", "Bot edit Folder", "User edit File", "User edit Folder", "User view File"],
            Validator.Environments.Select(static environment => $"{environment.Principal} {environment.Action.Id} {environment.Resource}").Order(StringComparer.Ordinal));

    [Fact]
    public void Every_expression_that_may_be_evaluated_has_a_type()
    {
        var policy = PolicySet.Parse("permit(principal, action, resource) when { principal has age && (principal.age > 1 || false && 1 == 2) };").Policies[0];
        var body = (Expr.And)policy.Conditions[0].Body;
        var either = (Expr.Or)body.Right;
        var comparison = (Expr.Binary)either.Left;
        var never = (Expr.And)either.Right;

        var typed = Validator.Infer(policy, Environment("User", "view"));

        Assert.Empty(typed.Errors);
        Assert.False(typed.IsAlwaysFalse);
        Assert.Equal("Bool", typed.TypeOf(body)?.ToString());
        Assert.Equal("Long", typed.TypeOf(comparison.Left)?.ToString());
        Assert.Equal("User", typed.TypeOf(((Expr.GetAttribute)comparison.Left).Target)?.ToString());
        Assert.Equal("False", typed.TypeOf(never)?.ToString());
        Assert.Null(typed.TypeOf(never.Right));
    }

    [Theory]
    [InlineData("permit(principal is Bot, action, resource);", "User", true)]
    [InlineData("permit(principal, action == Action::\"edit\", resource);", "User", true)]
    [InlineData("permit(principal, action, resource is Folder);", "User", true)]
    [InlineData("permit(principal, action, resource) unless { true };", "User", true)]
    [InlineData("permit(principal, action in Action::\"any\", resource);", "User", false)]
    public void A_policy_that_no_such_request_satisfies_says_so(string policy, string principal, bool isAlwaysFalse)
        => Assert.Equal(isAlwaysFalse, Validator.Infer(PolicySet.Parse(policy).Policies[0], Environment(principal, "view")).IsAlwaysFalse);

    [Fact]
    public void Errors_are_those_of_the_one_environment()
    {
        var policy = PolicySet.Parse("permit(principal, action, resource) when { context.n == 1 };").Policies[0];

        Assert.Empty(Validator.Infer(policy, Environment("User", "view")).Errors);
        Assert.Equal(ValidationFindingKind.UnsafeAttributeAccess, Assert.Single(Validator.Infer(policy, Environment("Bot", "edit")).Errors).Kind);
    }

    private static RequestEnvironment Environment(string principal, string action)
        => Validator.Environments.First(environment => environment.Principal.Text == principal && environment.Action.Id == action);
}
