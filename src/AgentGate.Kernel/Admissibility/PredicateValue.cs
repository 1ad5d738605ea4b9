namespace AgentGate.Kernel.Admissibility;

/// <summary>What a predicate is. A closed set.</summary>
public enum PredicateValue
{
    /// <summary>It was not reached. Never true.</summary>
    NotEvaluated,

    /// <summary>It holds.</summary>
    Holds,

    /// <summary>It fails.</summary>
    Fails,
}
