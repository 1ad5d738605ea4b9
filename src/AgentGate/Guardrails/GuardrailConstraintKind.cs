namespace AgentGate.Guardrails;

/// <summary>What a state of a state machine demands beside the transition.</summary>
public enum GuardrailConstraintKind
{
    /// <summary><c>cooldown</c>: none of the actions within the window before.</summary>
    Cooldown,

    /// <summary><c>max_frequency</c>: fewer than so many of the actions within the window before.</summary>
    MaxFrequency,

    /// <summary><c>temporal_exclusion</c>: nothing at all within the window before.</summary>
    TemporalExclusion,
}
