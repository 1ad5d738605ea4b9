using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Evaluation;

public sealed class EvaluationErrorTests
{
    [Theory]
    [InlineData("context.missing == 1", EvaluationErrorKind.RecordAttributeDoesNotExist, "the record has no attribute `missing`")]
    [InlineData("principal.name == 1", EvaluationErrorKind.EntityAttributeDoesNotExist, "`U::\"a\"` has no attribute `name`")]
    [InlineData("U::\"gone\".name == 1", EvaluationErrorKind.EntityDoesNotExist, "`U::\"gone\"` is not among the entities")]
    [InlineData("principal.getTag(\"t\") == 1", EvaluationErrorKind.EntityTagDoesNotExist, "`U::\"a\"` has no tag `t`")]
    [InlineData("U::\"gone\".getTag(\"t\") == 1", EvaluationErrorKind.EntityDoesNotExist, "is not among the entities")]
    [InlineData("context.n + 9223372036854775807 == 1", EvaluationErrorKind.IntegerOverflow, "`1 + 9223372036854775807` does not fit into 64 bits")]
    [InlineData("-(-9223372036854775808) == 1", EvaluationErrorKind.IntegerOverflow, "does not fit into 64 bits")]
    [InlineData("context.n * -9223372036854775808 * 2 == 1", EvaluationErrorKind.IntegerOverflow, "does not fit into 64 bits")]
    [InlineData("context.n", EvaluationErrorKind.TypeError, "expected bool, found long")]
    [InlineData("context.n && true", EvaluationErrorKind.TypeError, "expected bool, found long")]
    [InlineData("true && context.n", EvaluationErrorKind.TypeError, "expected bool, found long")]
    [InlineData("context.n < \"a\"", EvaluationErrorKind.TypeError, "expected long, found string")]
    [InlineData("decimal(\"1.0\") < decimal(\"2.0\")", EvaluationErrorKind.TypeError, "expected long, datetime or duration, found decimal")]
    [InlineData("datetime(\"2024-01-01\") < duration(\"1h\")", EvaluationErrorKind.TypeError, "expected datetime, found duration")]
    [InlineData("context.n in principal", EvaluationErrorKind.TypeError, "expected entity, found long")]
    [InlineData("principal in [principal, 1]", EvaluationErrorKind.TypeError, "expected set of entities, found long")]
    [InlineData("context.s like \"a*\" && context.n like \"a\"", EvaluationErrorKind.TypeError, "expected string, found long")]
    [InlineData("ip(context.s).isIpv4()", EvaluationErrorKind.ExtensionError, "`abc` cannot be read")]
    [InlineData("context.s.isIpv4()", EvaluationErrorKind.TypeError, "expected ipaddr, found string")]
    [InlineData("datetime(\"9999-01-01\").offset(duration(\"9223372036854775807ms\")) == 1", EvaluationErrorKind.ExtensionError, "out of the range")]
    [InlineData("datetime(\"1970-01-01\").offset(duration(\"-9223372036854775808ms\")).toDate() == 1", EvaluationErrorKind.ExtensionError, "before the first datetime")]
    public void An_error_says_what_and_where(string condition, EvaluationErrorKind kind, string message)
    {
        var text = $"permit(principal, action, resource)\nwhen {{ {condition} }};";
        var result = Answer(text);

        Assert.Equal(AuthorizationDecision.Deny, result.Decision);
        var error = Assert.Single(result.Errors);
        Assert.Equal(kind, error.Kind);
        Assert.Equal("policy0", error.PolicyId);
        Assert.Contains(message, error.Diagnostic.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Diagnostic.Line);
        Assert.Contains("^", error.Diagnostic.Snippet, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true || context.missing")]
    [InlineData("!(false && context.missing)")]
    [InlineData("if true then true else context.missing")]
    [InlineData("!(U::\"gone\" has name)")]
    [InlineData("!(U::\"gone\".hasTag(\"t\"))")]
    [InlineData("!(context has missing.further)")]
    [InlineData("!(principal is Other in context.missing)")]
    [InlineData("U::\"gone\" in U::\"gone\"")]
    [InlineData("principal != 1 && [] != {} && ![1].contains(\"1\") && [1, 1] == [1]")]
    [InlineData("[].isEmpty() && [1].containsAll([]) && ![1].containsAny([])")]
    [InlineData("-9223372036854775808 < 9223372036854775807")]
    [InlineData("\"a*c\" like \"a\\*c\" && \"abc\" like \"a*c\" && !(\"abc\" like \"a\\*c\") && \"\" like \"*\" && \"aXbXc\" like \"*X*X*\"")]
    [InlineData("datetime(\"1969-12-31T23:00:00Z\").toDate() == datetime(\"1969-12-31\")")]
    [InlineData("datetime(\"1969-12-31T23:00:00Z\").toTime() == duration(\"23h\")")]
    [InlineData("duration(\"-25h\").toDays() == -1 && duration(\"1d\").toHours() == 24 && duration(\"90m\").toMinutes() == 90")]
    [InlineData("datetime(\"2024-01-02\").durationSince(datetime(\"2024-01-01\")) == duration(\"1d\")")]
    [InlineData("decimal(\"1.5\").lessThan(decimal(\"1.50\")) == false && decimal(\"-1.0\").lessThan(decimal(\"0.0\"))")]
    [InlineData("principal == U::\"a\" && U::\"a\" != V::\"a\"")]
    public void What_need_not_be_evaluated_does_not_err(string condition)
    {
        var result = Answer($"permit(principal, action, resource) when {{ {condition} }};");

        Assert.Empty(result.Errors);
        Assert.Equal(AuthorizationDecision.Allow, result.Decision);
    }

    [Fact]
    public void A_scope_that_does_not_match_keeps_conditions_from_erring()
        => Assert.Empty(Answer("permit(principal == U::\"b\", action, resource) when { context.missing };").Errors);

    [Fact]
    public void A_later_condition_is_not_evaluated_behind_one_that_does_not_hold()
        => Assert.Empty(Answer("permit(principal, action, resource) unless { true } when { context.missing };").Errors);

    [Fact]
    public void A_tree_built_deeper_than_can_be_followed_is_an_error_and_no_stack_overflow()
    {
        Expr deep = new Expr.Literal(CedarBool.True);
        for (var i = 0; i < 100_000; i++)
        {
            deep = new Expr.Unary(UnaryOperator.Not, deep);
        }

        var policy = new Policy { Id = "deep", Effect = PolicyEffect.Permit, Conditions = [new PolicyCondition(false, deep)] };
        var error = Assert.Single(Authorizer.Create(PolicySet.Empty.Add(policy)).Authorize(Request, EntityStore.Empty).Errors);

        Assert.Equal(EvaluationErrorKind.RecursionLimit, error.Kind);
    }

    [Fact]
    public void A_chain_of_is_in_costs_what_its_length_is()
    {
        Expr chain = new Expr.Variable(RequestVariable.Principal);
        for (var i = 0; i < 400; i++)
        {
            chain = new Expr.If(new Expr.Is(chain, EntityTypeName.Parse("U"), new Expr.Variable(RequestVariable.Principal)), new Expr.Variable(RequestVariable.Principal), new Expr.Variable(RequestVariable.Resource));
        }

        Assert.True(Evaluator.TryEvaluate(chain, Request, EntityStore.Empty, out var value, out _));
        Assert.Equal<CedarValue>(Request.Principal, value);
    }

    private static AuthorizationRequest Request { get; } = new(
        new EntityUid("U", "a"), new EntityUid("Action", "do"), new EntityUid("R", "r"),
        new CedarRecord(KeyValuePair.Create<string, CedarValue>("n", new CedarLong(1)), KeyValuePair.Create<string, CedarValue>("s", new CedarString("abc"))));

    private static AuthorizationResult Answer(string policies)
        => Authorizer.Create(PolicySet.Parse(policies)).Authorize(Request, EntityStore.Create(new Entity(Request.Principal)));
}
