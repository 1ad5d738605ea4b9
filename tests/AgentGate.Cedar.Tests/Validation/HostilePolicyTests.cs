using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>Policies and schemas made to overflow the stack or to take for ever.</summary>
public sealed class HostilePolicyTests
{
    public static TheoryData<string> Shapes => ["not", "and-left", "and-right", "if", "get", "set", "record", "call", "is", "has"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void An_expression_that_no_parser_would_make_is_an_error_and_not_a_crash(string shape)
    {
        Expr expression = new Expr.Literal(CedarBool.True);
        for (var i = 0; i < 200_000; i++)
        {
            expression = Around(shape, expression);
        }

        var set = PolicySet.Empty.Add(new Policy { Id = "deep", Effect = PolicyEffect.Permit, Conditions = [new PolicyCondition(false, expression)] });

        var result = new Validator(TypingSamples.Schema).Validate(set);

        Assert.Contains(ValidationFindingKind.TooDeep, result.Errors.Select(static error => error.Kind));
    }

    [Fact]
    public void What_a_parser_lets_through_is_checked_to_the_bottom()
    {
        var text = new StringBuilder("context.n");
        for (var i = 0; i < CedarLimits.MaxDepth - 20; i++)
        {
            text.Append(" + 1");
        }

        Assert.Empty(TypingSamples.ErrorsOf($"{text} > 0"));
    }

    [Theory]
    [InlineData("(if {0} has work.zip then principal else principal)", "{0} has boss.name")]
    [InlineData("(if {0} is User in Team::\"a\" then principal else principal)", "{0} is User in Team::\"b\"")]
    [InlineData("(if {0} has boss.boss.boss.boss.boss.boss.age then principal else principal)", "{0} has boss")]
    public void Sugar_inside_sugar_costs_no_more_than_its_length(string around, string outside)
    {
        var expression = "principal";
        for (var i = 0; i < 60; i++)
        {
            expression = string.Format(CultureInfo.InvariantCulture, around, expression);
        }

        var clock = Stopwatch.StartNew();
        var errors = TypingSamples.ErrorsOf(string.Format(CultureInfo.InvariantCulture, outside, expression));

        Assert.Empty(errors);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public void Types_that_share_their_parts_are_compared_and_named_without_unfolding_them()
    {
        // Built by hand: the schema parser refuses types this large.
        var (a, b, before) = (Pair(CedarType.Long, CedarType.Long), Pair(CedarType.Long, CedarType.Long), Pair(CedarType.Long, CedarType.Long));
        for (var i = 0; i < 60; i++)
        {
            (before, a, b) = (a, Pair(a, a), Pair(b, b));
        }

        var user = EntityTypeName.Parse("U");
        var go = new ActionDefinition
        {
            Uid = new EntityUid("Action", "go"),
            PrincipalTypes = [user],
            ResourceTypes = [user],
            Context = Record(("a", a), ("b", b), ("c", before), ("d", Pair(CedarType.Long, CedarType.Long))),
        };
        var clock = Stopwatch.StartNew();
        var validator = new Validator(new CedarSchema(
            ImmutableSortedDictionary<EntityTypeName, EntityTypeDefinition>.Empty.Add(user, new EntityTypeDefinition { Name = user, Attributes = Record() }),
            ImmutableDictionary<EntityUid, ActionDefinition>.Empty.Add(go.Uid, go),
            syntax: null!));

        var same = validator.Validate(PolicySet.Parse("permit(principal, action, resource) when { context.a == context.b };"));
        var different = validator.Validate(PolicySet.Parse("permit(principal, action, resource) when { context.a == context.c || context.a == context.d };"));
        var joined = validator.Validate(PolicySet.Parse("permit(principal, action, resource) when { (if context.a == context.b then context.a else context.d) has l };"), ValidationMode.Permissive);
        var context = validator.Environments[0].Context;

        Assert.Empty(same.Errors);
        Assert.Equal(2, different.Errors.Length);
        Assert.Empty(joined.Errors);
        Assert.Equal(context.Attributes["a"].Type, context.Attributes["b"].Type);
        Assert.NotEqual(context.Attributes["a"].Type, context.Attributes["c"].Type);
        Assert.True(context.ToString().Length < 2_000);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
    }

    [Fact]
    public void A_policy_with_endless_mistakes_reports_the_first_ones()
    {
        var text = string.Join(" || ", Enumerable.Range(0, 500).Select(static i => $"principal.no{i.ToString(CultureInfo.InvariantCulture)}"));

        Assert.InRange(TypingSamples.ErrorsOf(text).Length, 100, 200);
    }

    private static CedarType.RecordType Pair(CedarType left, CedarType right) => Record(("l", left), ("r", right));

    private static CedarType.RecordType Record(params (string Name, CedarType Type)[] attributes)
        => new(attributes.ToImmutableSortedDictionary(static pair => pair.Name, static pair => new AttributeType(pair.Type, true), StringComparer.Ordinal), false);

    private static Expr Around(string shape, Expr inner) => shape switch
    {
        "not" => new Expr.Unary(UnaryOperator.Not, inner),
        "and-left" => new Expr.And(inner, new Expr.Literal(CedarBool.True)),
        "and-right" => new Expr.And(new Expr.Literal(CedarBool.True), inner),
        "if" => new Expr.If(new Expr.Literal(CedarBool.True), inner, new Expr.Literal(CedarBool.True)),
        "get" => new Expr.GetAttribute(inner, "a"),
        "set" => new Expr.Set([inner]),
        "record" => new Expr.Record([new("a", inner)]),
        "call" => new Expr.ExtensionCall(ExtensionFunction.IsIpv4, [inner]),
        "is" => new Expr.Is(inner, EntityTypeName.Parse("User"), new Expr.Literal(CedarBool.True)),
        _ => new Expr.HasAttribute(inner, ["a", "b"]),
    };
}
