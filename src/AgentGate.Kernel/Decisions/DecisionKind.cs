namespace AgentGate.Kernel.Decisions;

/// <summary>The gate's decision on a call.</summary>
public enum DecisionKind
{
    /// <summary>The effect may run.</summary>
    Allow,

    /// <summary>The effect must not run.</summary>
    Deny,

    /// <summary>The call waits for a person.</summary>
    Hold,
}
