using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;
using FsCheck;
using FsCheck.Fluent;

namespace AgentGate.Cedar.Tests.Syntax;

/// <summary>Any expression and any policy that the parser could have made.</summary>
internal static class ExprGenerator
{
    private static readonly Gen<string> Names = Gen.Elements("a", "b", "principal", "when", "_x1", "Long");
    private static readonly Gen<string> Texts = Gen.Elements("", "a", "if", "a b", "*", "\\", "\"", "\n\r\t\0", "é🐈\u200b\u0301", "__cedar", "\uffff\U0001f600", "// no comment");
    private static readonly Gen<EntityTypeName> Types = Gen.Elements("A", "A::B", "principal", "N::Action").Select(EntityTypeName.Parse);
    private static readonly Gen<EntityUid> Entities = from type in Types from id in Texts select new EntityUid(type, id);

    private static readonly Gen<CedarValue> Literals = Gen.OneOf(
        Gen.Elements(true, false).Select(value => (CedarValue)CedarBool.Of(value)),
        Gen.Elements(0, 1, -1, 42, long.MaxValue, long.MinValue).Select(value => (CedarValue)new CedarLong(value)),
        Texts.Select(value => (CedarValue)new CedarString(value)),
        Entities.Select(value => (CedarValue)value));

    private static readonly Gen<LikePattern> Patterns =
        from count in Gen.Choose(1, 4) from pieces in Texts.ArrayOf(count) select new LikePattern([.. pieces]);

    public static Gen<Expr> Expressions { get; } = Gen.Sized(size => OfSize(Math.Min(size, 40)));

    public static Arbitrary<Policy> Policies { get; } = (
        from effect in Gen.Elements(PolicyEffect.Permit, PolicyEffect.Forbid)
        from names in Names.ListOf().Select(names => names.Distinct().ToList())
        from values in Texts.ArrayOf(names.Count)
        from principal in Scopes
        from action in Actions
        from resource in Scopes
        from count in Gen.Choose(0, 3)
        from conditions in (from isUnless in Gen.Elements(true, false) from body in Expressions select new PolicyCondition(isUnless, body)).ArrayOf(count)
        select new Policy
        {
            Id = "p",
            Effect = effect,
            Annotations = [.. names.Zip(values, (name, value) => new PolicyAnnotation(name, value))],
            Principal = principal,
            Action = action,
            Resource = resource,
            Conditions = [.. conditions],
        }).ToArbitrary();

    private static Gen<ScopeConstraint> Scopes =>
        from entity in Gen.OneOf(Entities.Select(each => (EntityUid?)each), Gen.Constant<EntityUid?>(null))
        from type in Types
        from scope in Gen.Elements<ScopeConstraint>(
            ScopeConstraint.Any.Instance, new ScopeConstraint.Equal(entity), new ScopeConstraint.In(entity), new ScopeConstraint.Is(type), new ScopeConstraint.IsIn(type, entity))
        select scope;

    private static Gen<ActionConstraint> Actions =>
        from id in Texts
        from action in Gen.Constant(new EntityUid("N::Action", id))
        from scope in Gen.Elements<ActionConstraint>(
            ActionConstraint.Any.Instance, new ActionConstraint.Equal(action), new ActionConstraint.In([action], false), new ActionConstraint.In([action, action], true), new ActionConstraint.In([], true))
        select scope;

    private static Gen<Expr> OfSize(int size)
    {
        var leaf = Gen.OneOf(
            Literals.Select(value => (Expr)new Expr.Literal(value)),
            Gen.Elements(Enum.GetValues<RequestVariable>()).Select(name => (Expr)new Expr.Variable(name)));
        if (size <= 0)
        {
            return leaf;
        }

        var one = OfSize(size / 2);
        var few = OfSize(size / 4);
        var list = from count in Gen.Choose(0, 3) from items in few.ArrayOf(count) select ImmutableArray.Create(items);
        return Gen.OneOf(
            leaf,
            from op in Gen.Elements(UnaryOperator.Not, UnaryOperator.Negate, UnaryOperator.IsEmpty) from operand in OfSize(size - 1) select (Expr)new Expr.Unary(op, operand),
            from op in Gen.Elements(Enum.GetValues<BinaryOperator>()) from left in one from right in one select (Expr)new Expr.Binary(op, left, right),
            from left in one from right in one select (Expr)new Expr.And(left, right),
            from left in one from right in one select (Expr)new Expr.Or(left, right),
            from condition in few from then in few from otherwise in few select (Expr)new Expr.If(condition, then, otherwise),
            from target in one from name in Gen.OneOf(Names, Texts) select (Expr)new Expr.GetAttribute(target, name),
            from target in one from name in Gen.OneOf(Names, Texts) select (Expr)new Expr.HasAttribute(target, [name]),
            from target in one from count in Gen.Choose(2, 5) from path in Names.ArrayOf(count) select (Expr)new Expr.HasAttribute(target, [.. path]),
            from target in one from pattern in Patterns select (Expr)new Expr.Like(target, pattern),
            from target in one from type in Types select (Expr)new Expr.Is(target, type, null),
            from target in one from type in Types from within in one select (Expr)new Expr.Is(target, type, within),
            list.Select(elements => (Expr)new Expr.Set(elements)),
            from values in list
            from names in Gen.OneOf(Names, Texts).ArrayOf(values.Length)
            select (Expr)new Expr.Record([.. names.Zip(values, KeyValuePair.Create).DistinctBy(field => field.Key)]),
            from function in Gen.Elements(Enum.GetValues<ExtensionFunction>()) from receiver in few from arguments in list select (Expr)new Expr.ExtensionCall(function, [receiver, .. arguments]));
    }
}
