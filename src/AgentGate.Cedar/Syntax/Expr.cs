using System.Collections.Immutable;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>An expression as its author wrote it, without parentheses and comments. A closed set of nodes; immutable.</summary>
/// <remarks>
/// Nodes are no deeper than <see cref="CedarLimits.MaxDepth"/> when a parser made them. Compare two by their canonical form
/// (<see cref="Policy"/>'s JSON): nodes compare by reference.
/// </remarks>
public abstract class Expr
{
    private Expr(int below) => Depth = below + 1;

    /// <summary>How many nodes lie between this one and its deepest leaf, both counted; a chain <c>has a.b.c</c> counts each name.</summary>
    public int Depth { get; }

    /// <summary>The operands, in the order they are written; empty for a leaf.</summary>
    public virtual ImmutableArray<Expr> Children => [];

    /// <summary>Where it stands in the text.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;

    private static int Deepest(ImmutableArray<Expr> nodes)
    {
        var deepest = 0;
        foreach (var node in nodes)
        {
            deepest = Math.Max(deepest, node.Depth);
        }

        return deepest;
    }

    private static int Deepest(ImmutableArray<KeyValuePair<string, Expr>> fields)
    {
        var deepest = 0;
        foreach (var field in fields)
        {
            deepest = Math.Max(deepest, field.Value.Depth);
        }

        return deepest;
    }

    /// <summary>A literal: a boolean, a 64-bit integer, a string or an entity.</summary>
    /// <param name="value">A <see cref="CedarBool"/>, <see cref="CedarLong"/>, <see cref="CedarString"/> or <see cref="EntityUid"/>.</param>
    public sealed class Literal(CedarValue value) : Expr(0)
    {
        /// <summary>The value.</summary>
        public CedarValue Value { get; } = value;
    }

    /// <summary><c>principal</c>, <c>action</c>, <c>resource</c> or <c>context</c>.</summary>
    /// <param name="name">Which.</param>
    public sealed class Variable(RequestVariable name) : Expr(0)
    {
        /// <summary>Which.</summary>
        public RequestVariable Name { get; } = name;
    }

    /// <summary><c>if c then a else b</c>; only the branch taken is evaluated.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="then">The value when true.</param>
    /// <param name="otherwise">The value when false.</param>
    public sealed class If(Expr condition, Expr then, Expr otherwise) : Expr(Math.Max(condition.Depth, Math.Max(then.Depth, otherwise.Depth)))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Condition, Then, Otherwise];

        /// <summary>The condition.</summary>
        public Expr Condition { get; } = condition;

        /// <summary>The value when the condition is true.</summary>
        public Expr Then { get; } = then;

        /// <summary>The value when the condition is false.</summary>
        public Expr Otherwise { get; } = otherwise;
    }

    /// <summary><c>a &amp;&amp; b</c>; <c>b</c> is evaluated only when <c>a</c> is true.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public sealed class And(Expr left, Expr right) : Expr(Math.Max(left.Depth, right.Depth))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Left, Right];

        /// <summary>The left operand.</summary>
        public Expr Left { get; } = left;

        /// <summary>The right operand.</summary>
        public Expr Right { get; } = right;
    }

    /// <summary><c>a || b</c>; <c>b</c> is evaluated only when <c>a</c> is false.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public sealed class Or(Expr left, Expr right) : Expr(Math.Max(left.Depth, right.Depth))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Left, Right];

        /// <summary>The left operand.</summary>
        public Expr Left { get; } = left;

        /// <summary>The right operand.</summary>
        public Expr Right { get; } = right;
    }

    /// <summary>An operator with one operand. A minus before an integer literal is part of the literal.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="operand">The operand.</param>
    public sealed class Unary(UnaryOperator op, Expr operand) : Expr(operand.Depth)
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Operand];

        /// <summary>The operator.</summary>
        public UnaryOperator Operator { get; } = op;

        /// <summary>The operand.</summary>
        public Expr Operand { get; } = operand;
    }

    /// <summary>An operator or built-in method with two operands.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    public sealed class Binary(BinaryOperator op, Expr left, Expr right) : Expr(Math.Max(left.Depth, right.Depth))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Left, Right];

        /// <summary>The operator.</summary>
        public BinaryOperator Operator { get; } = op;

        /// <summary>The left operand.</summary>
        public Expr Left { get; } = left;

        /// <summary>The right operand.</summary>
        public Expr Right { get; } = right;
    }

    /// <summary><c>e.name</c> or <c>e["name"]</c>.</summary>
    /// <param name="target">A record or an entity.</param>
    /// <param name="attribute">The attribute.</param>
    public sealed class GetAttribute(Expr target, string attribute) : Expr(target.Depth)
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Target];

        /// <summary>A record or an entity.</summary>
        public Expr Target { get; } = target;

        /// <summary>The attribute.</summary>
        public string Attribute { get; } = attribute;
    }

    /// <summary><c>e has name</c>, or <c>e has a.b.c</c>, which means <c>e has a &amp;&amp; e.a has b &amp;&amp; e.a.b has c</c>.</summary>
    /// <param name="target">A record or an entity.</param>
    /// <param name="path">The attributes; at least one.</param>
    public sealed class HasAttribute(Expr target, ImmutableArray<string> path) : Expr(target.Depth + (path.Length > 1 ? path.Length : 0))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Target];

        /// <summary>A record or an entity.</summary>
        public Expr Target { get; } = target;

        /// <summary>The attributes; at least one.</summary>
        public ImmutableArray<string> Path { get; } = path;
    }

    /// <summary><c>e like "pattern*"</c>.</summary>
    /// <param name="target">A string.</param>
    /// <param name="pattern">The pattern.</param>
    public sealed class Like(Expr target, LikePattern pattern) : Expr(target.Depth)
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => [Target];

        /// <summary>A string.</summary>
        public Expr Target { get; } = target;

        /// <summary>The pattern.</summary>
        public LikePattern Pattern { get; } = pattern;
    }

    /// <summary><c>e is T</c>, or <c>e is T in f</c>, which means <c>e is T &amp;&amp; e in f</c>.</summary>
    /// <param name="target">An entity.</param>
    /// <param name="type">The entity type.</param>
    /// <param name="within">What the entity must be in, or <see langword="null"/>.</param>
    public sealed class Is(Expr target, EntityTypeName type, Expr? within) : Expr(Math.Max(target.Depth, within?.Depth ?? 0))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => Within is null ? [Target] : [Target, Within];

        /// <summary>An entity.</summary>
        public Expr Target { get; } = target;

        /// <summary>The entity type.</summary>
        public EntityTypeName Type { get; } = type;

        /// <summary>What the entity must be in, or <see langword="null"/>.</summary>
        public Expr? Within { get; } = within;
    }

    /// <summary><c>[a, b]</c>.</summary>
    /// <param name="elements">The elements as written.</param>
    public sealed class Set(ImmutableArray<Expr> elements) : Expr(Deepest(elements))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => Elements;

        /// <summary>The elements as written.</summary>
        public ImmutableArray<Expr> Elements { get; } = elements;
    }

    /// <summary><c>{a: x, "b c": y}</c>.</summary>
    /// <param name="fields">The fields in the order written; names are distinct.</param>
    public sealed class Record(ImmutableArray<KeyValuePair<string, Expr>> fields) : Expr(Deepest(fields))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => ImmutableArray.CreateRange(Fields, static entry => entry.Value);

        /// <summary>The fields in the order written; names are distinct.</summary>
        public ImmutableArray<KeyValuePair<string, Expr>> Fields { get; } = fields;
    }

    /// <summary>A call of an extension function, or of a method of an extension type (its receiver is the first argument).</summary>
    /// <param name="function">Which.</param>
    /// <param name="arguments">The arguments; their number may be wrong when the policy came as JSON.</param>
    public sealed class ExtensionCall(ExtensionFunction function, ImmutableArray<Expr> arguments) : Expr(Deepest(arguments))
    {
        /// <inheritdoc />
        public override ImmutableArray<Expr> Children => Arguments;

        /// <summary>Which.</summary>
        public ExtensionFunction Function { get; } = function;

        /// <summary>The arguments.</summary>
        public ImmutableArray<Expr> Arguments { get; } = arguments;
    }
}
