namespace AgentGate.Pii.Restoring;

/// <summary>Whether a live token stands at a place.</summary>
internal enum TokenMatchKind
{
    /// <summary>There is none.</summary>
    None,

    /// <summary>There is one.</summary>
    Token,

    /// <summary>The text ends before it is known.</summary>
    NeedsMore,
}
