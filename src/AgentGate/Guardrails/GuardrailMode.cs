namespace AgentGate.Guardrails;

/// <summary>Whether a guardrail refuses or only watches.</summary>
public enum GuardrailMode
{
    /// <summary>A call that does not fit is refused.</summary>
    Enforce,

    /// <summary>What would have been refused is on record, marked as shadow, and goes on. A watching set keeps a state of its own.</summary>
    Shadow,
}
