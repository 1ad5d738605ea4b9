namespace AgentGate.Kernel.Transparency;

/// <summary>What a log entry records. See "What a call leaves behind" in docs/architecture.md.</summary>
public enum EntryKind
{
    /// <summary>A call was denied before its effect.</summary>
    Denied,

    /// <summary>A call waits for a person.</summary>
    Held,

    /// <summary>The effect is about to run.</summary>
    Intent,

    /// <summary>What the effect did.</summary>
    Outcome,

    /// <summary>A person decided on a held call.</summary>
    Approval,

    /// <summary>An administrative act (key created, configuration changed, export).</summary>
    Admin,

    /// <summary>Callers without a valid key, aggregated per source and minute.</summary>
    Unauthenticated,

    /// <summary>A decision was asked for that nothing was to follow: a plan's step, a question through the API.</summary>
    Evaluation,

    /// <summary>A safety node voted.</summary>
    Vote,
}
