using System.Runtime.CompilerServices;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>Numbers expressions so that two have the same number exactly when they are written alike, and numbers what is known about them.</summary>
/// <remarks>
/// Alike is told after the sugar is gone (<c>a &gt; b</c> is <c>!(a &lt;= b)</c>, and so on), as the engine compares. Numbering
/// makes the comparison of two expressions one comparison of integers, however deep they are. Not thread-safe; one per policy.
/// </remarks>
internal sealed class ExpressionShapes
{
    private readonly Dictionary<Key, int> _numbers = [];
    private readonly Dictionary<Expr, int> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(int Expression, int Key, bool IsTag), int> _capabilities = [];

    private enum Form
    {
        Literal,
        Variable,
        If,
        And,
        Or,
        Unary,
        Binary,
        Get,
        Has,
        Like,
        Is,
        Set,
        Record,
        Call,
        List,
    }

    /// <summary>How many capabilities have numbers.</summary>
    public int CapabilityCount => _capabilities.Count;

    /// <summary>The number of the knowledge that an expression has an attribute.</summary>
    public int Attribute(int expression, string attribute) => Capability(expression, Number(new Key(Form.Literal, 0, 0, 0, attribute)), isTag: false);

    /// <summary>The number of the knowledge that an expression has a tag of this name.</summary>
    public int Tag(int expression, int name) => Capability(expression, name, isTag: true);

    /// <summary>The number of <c>e.name</c> for the expression of a number.</summary>
    public int GetAttribute(int target, string attribute) => Number(new Key(Form.Get, target, 0, 0, attribute));

    /// <summary>The number of an expression.</summary>
    /// <exception cref="InsufficientExecutionStackException">The expression is too deep.</exception>
    public int Of(Expr expression)
    {
        if (_seen.TryGetValue(expression, out var number))
        {
            return number;
        }

        RuntimeHelpers.EnsureSufficientExecutionStack();
        number = FoldedBoolean(expression) is { } folded ? Number(new Key(Form.Literal, 0, 0, 0, CedarBool.Of(folded))) : Build(expression);
        _seen.Add(expression, number);
        return number;
    }

    /// <summary>The boolean an expression is literally. The engine makes one literal of <c>true &amp;&amp; false</c>, and of nothing else.</summary>
    public static bool? FoldedBoolean(Expr expression) => expression switch
    {
        Expr.Literal { Value: CedarBool boolean } => boolean.Value,
        Expr.And conjunction when RuntimeHelpers.TryEnsureSufficientExecutionStack()
            && FoldedBoolean(conjunction.Right) is { } right && FoldedBoolean(conjunction.Left) is { } left => left && right,
        Expr.Or disjunction when RuntimeHelpers.TryEnsureSufficientExecutionStack()
            && FoldedBoolean(disjunction.Right) is { } right && FoldedBoolean(disjunction.Left) is { } left => left || right,
        _ => null,
    };

    private int Build(Expr expression) => expression switch
    {
        Expr.Literal literal => Number(new Key(Form.Literal, 0, 0, 0, literal.Value is CedarString text ? text.Value : literal.Value)),
        Expr.Variable variable => Number(new Key(Form.Variable, (int)variable.Name, 0, 0, null)),
        Expr.If branch => Number(new Key(Form.If, Of(branch.Condition), Of(branch.Then), Of(branch.Otherwise), null)),
        Expr.And conjunction => Number(new Key(Form.And, Of(conjunction.Left), Of(conjunction.Right), 0, null)),
        Expr.Or disjunction => Number(new Key(Form.Or, Of(disjunction.Left), Of(disjunction.Right), 0, null)),
        Expr.Unary unary => Unary(unary.Operator, Of(unary.Operand)),
        Expr.Binary binary => Binary(binary.Operator, Of(binary.Left), Of(binary.Right)),
        Expr.GetAttribute get => GetAttribute(Of(get.Target), get.Attribute),
        Expr.HasAttribute has => Has(Of(has.Target), has),
        Expr.Like like => Number(new Key(Form.Like, Of(like.Target), 0, 0, like.Pattern)),
        Expr.Is test => Is(Of(test.Target), test),
        Expr.Set set => Number(new Key(Form.Set, List(set.Elements.Select(Of)), 0, 0, null)),
        Expr.Record record => Number(new Key(Form.Record, List(record.Fields.OrderBy(static field => field.Key, StringComparer.Ordinal)
            .Select(field => Number(new Key(Form.Get, Of(field.Value), 0, 1, field.Key)))), 0, 0, null)),
        Expr.ExtensionCall call => Number(new Key(Form.Call, (int)call.Function, List(call.Arguments.Select(Of)), 0, null)),
        _ => throw new InvalidOperationException($"no shape for {expression.GetType().Name}"),
    };

    private int Unary(UnaryOperator op, int operand) => Number(new Key(Form.Unary, (int)op, operand, 0, null));

    private int Binary(BinaryOperator op, int left, int right) => op switch
    {
        BinaryOperator.NotEqual => Unary(UnaryOperator.Not, Binary(BinaryOperator.Equal, left, right)),
        BinaryOperator.Greater => Unary(UnaryOperator.Not, Binary(BinaryOperator.LessOrEqual, left, right)),
        BinaryOperator.GreaterOrEqual => Unary(UnaryOperator.Not, Binary(BinaryOperator.Less, left, right)),
        _ => Number(new Key(Form.Binary, (int)op, left, right, null)),
    };

    private int Has(int target, Expr.HasAttribute has)
    {
        var chain = Number(new Key(Form.Has, target, 0, 0, has.Path[0]));
        for (var i = 1; i < has.Path.Length; i++)
        {
            target = GetAttribute(target, has.Path[i - 1]);
            chain = Number(new Key(Form.And, chain, Number(new Key(Form.Has, target, 0, 0, has.Path[i])), 0, null));
        }

        return chain;
    }

    private int Is(int target, Expr.Is test)
    {
        var number = Number(new Key(Form.Is, target, 0, 0, test.Type));
        return test.Within is null
            ? number
            : Number(new Key(Form.And, number, Binary(BinaryOperator.In, target, Of(test.Within)), 0, null));
    }

    private int List(IEnumerable<int> items)
    {
        var list = 0;
        foreach (var item in items)
        {
            list = Number(new Key(Form.List, list, item, 0, null));
        }

        return list;
    }

    private int Number(Key key)
    {
        if (!_numbers.TryGetValue(key, out var number))
        {
            // From 1: 0 is the empty list.
            number = _numbers.Count + 1;
            _numbers.Add(key, number);
        }

        return number;
    }

    private int Capability(int expression, int key, bool isTag)
    {
        if (!_capabilities.TryGetValue((expression, key, isTag), out var number))
        {
            number = _capabilities.Count;
            _capabilities.Add((expression, key, isTag), number);
        }

        return number;
    }

    private readonly record struct Key(Form Form, int A, int B, int C, object? Payload);
}
