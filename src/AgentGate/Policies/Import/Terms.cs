using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>
/// The nodes a translation is built from. Text of a file enters a policy here and nowhere else, as a value inside a node;
/// nothing is joined into Cedar text.
/// </summary>
internal static class Terms
{
    public static Expr Principal { get; } = new Expr.Variable(RequestVariable.Principal);

    public static Expr Resource { get; } = new Expr.Variable(RequestVariable.Resource);

    public static Expr Context { get; } = new Expr.Variable(RequestVariable.Context);

    public static Expr True { get; } = new Expr.Literal(CedarBool.True);

    public static Expr False { get; } = new Expr.Literal(CedarBool.False);

    public static Expr Value(string text) => new Expr.Literal(new CedarString(text));

    public static Expr Value(long number) => new Expr.Literal(new CedarLong(number));

    public static Expr Value(bool flag) => flag ? True : False;

    public static Expr Value(EntityUid entity) => new Expr.Literal(entity);

    public static Expr Get(Expr target, string attribute) => new Expr.GetAttribute(target, attribute);

    public static Expr Has(Expr target, string attribute) => new Expr.HasAttribute(target, [attribute]);

    public static Expr Is(Expr target, string type) => new Expr.Is(target, EntityTypeName.Parse(type), within: null);

    public static Expr Not(Expr operand) => new Expr.Unary(UnaryOperator.Not, operand);

    public static Expr Binary(BinaryOperator op, Expr left, Expr right) => new Expr.Binary(op, left, right);

    public static Expr Equal(Expr left, Expr right) => Binary(BinaryOperator.Equal, left, right);

    public static Expr Contains(Expr set, Expr element) => Binary(BinaryOperator.Contains, set, element);

    public static Expr Set(IEnumerable<Expr> elements) => new Expr.Set([.. elements]);

    /// <summary>Pieces with a wildcard between each two; a star inside a piece is a star.</summary>
    public static Expr Like(Expr target, params ImmutableArray<string> pieces) => new Expr.Like(target, new LikePattern(pieces));

    public static Expr InRange(Expr address, string range) => new Expr.ExtensionCall(
        ExtensionFunction.IsInRange, [address, new Expr.ExtensionCall(ExtensionFunction.Ip, [Value(range)])]);

    /// <summary>All of them, left to right; those that are always true fall away.</summary>
    public static Expr All(params IEnumerable<Expr> terms)
        => terms.Where(term => !ReferenceEquals(term, True)).DefaultIfEmpty(True).Aggregate((left, right) => new Expr.And(left, right));

    /// <summary>Any of them, left to right; those that are always false fall away.</summary>
    public static Expr Any(params IEnumerable<Expr> terms)
        => terms.Where(term => !ReferenceEquals(term, False)).DefaultIfEmpty(False).Aggregate((left, right) => new Expr.Or(left, right));
}
