namespace AgentGate.Cedar.Syntax;

/// <summary>The operators with one operand.</summary>
public enum UnaryOperator
{
    /// <summary><c>!e</c>.</summary>
    Not,

    /// <summary><c>-e</c>; overflow is an evaluation error.</summary>
    Negate,

    /// <summary><c>e.isEmpty()</c>, for sets.</summary>
    IsEmpty,
}
