namespace AgentGate.Kernel.Transparency;

/// <summary>How an effect ended.</summary>
public enum OutcomeKind
{
    /// <summary>The effect ran and its answer was allowed.</summary>
    Completed,

    /// <summary>The effect failed.</summary>
    Failed,

    /// <summary>The effect ran and a response guard withheld the answer.</summary>
    Blocked,

    /// <summary>The caller went away before the end.</summary>
    Cancelled,

    /// <summary>The process ended before the outcome was written; closed at the next start.</summary>
    Unknown,
}
