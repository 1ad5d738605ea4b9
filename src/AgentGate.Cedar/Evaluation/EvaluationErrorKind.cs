namespace AgentGate.Cedar.Evaluation;

/// <summary>The errors of evaluation. A closed set.</summary>
public enum EvaluationErrorKind
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>A value of the wrong type.</summary>
    TypeError,

    /// <summary>An entity that is not among the entities was asked for an attribute or a tag.</summary>
    EntityDoesNotExist,

    /// <summary>An entity has no such attribute.</summary>
    EntityAttributeDoesNotExist,

    /// <summary>A record has no such attribute.</summary>
    RecordAttributeDoesNotExist,

    /// <summary>An entity has no such tag.</summary>
    EntityTagDoesNotExist,

    /// <summary>A result outside the 64-bit integers.</summary>
    IntegerOverflow,

    /// <summary>An extension function that cannot take its argument, or whose result is out of range.</summary>
    ExtensionError,

    /// <summary>A wrong number of arguments.</summary>
    WrongNumberOfArguments,

    /// <summary>The expression is deeper than the evaluator follows.</summary>
    RecursionLimit,
}
