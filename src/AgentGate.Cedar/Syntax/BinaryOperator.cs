namespace AgentGate.Cedar.Syntax;

/// <summary>The operators with two operands that are always both evaluated, left first. <c>&amp;&amp;</c> and <c>||</c> are <see cref="Expr.And"/> and <see cref="Expr.Or"/>.</summary>
public enum BinaryOperator
{
    /// <summary><c>a == b</c>; values of different types are unequal.</summary>
    Equal,

    /// <summary><c>a != b</c>.</summary>
    NotEqual,

    /// <summary><c>a &lt; b</c>: long, datetime or duration, the same on both sides.</summary>
    Less,

    /// <summary><c>a &lt;= b</c>.</summary>
    LessOrEqual,

    /// <summary><c>a &gt; b</c>.</summary>
    Greater,

    /// <summary><c>a &gt;= b</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>a + b</c>; overflow is an evaluation error.</summary>
    Add,

    /// <summary><c>a - b</c>; overflow is an evaluation error.</summary>
    Subtract,

    /// <summary><c>a * b</c>; overflow is an evaluation error.</summary>
    Multiply,

    /// <summary><c>a in b</c>: an entity in an entity or in a set of entities.</summary>
    In,

    /// <summary><c>a.contains(b)</c>.</summary>
    Contains,

    /// <summary><c>a.containsAll(b)</c>.</summary>
    ContainsAll,

    /// <summary><c>a.containsAny(b)</c>.</summary>
    ContainsAny,

    /// <summary><c>a.hasTag(b)</c>.</summary>
    HasTag,

    /// <summary><c>a.getTag(b)</c>.</summary>
    GetTag,
}
