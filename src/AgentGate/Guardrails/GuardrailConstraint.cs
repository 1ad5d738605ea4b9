namespace AgentGate.Guardrails;

/// <summary>One demand of a state.</summary>
public sealed class GuardrailConstraint
{
    /// <summary>Which demand.</summary>
    /// <value>The default is <see cref="GuardrailConstraintKind.Cooldown"/>.</value>
    public GuardrailConstraintKind Kind { get; set; }

    /// <summary>The tool it is about, or a pattern. The same state must have a transition for it.</summary>
    /// <value>There is no default.</value>
    public string Action { get; set; } = "";

    /// <summary>How far back it looks; 1 second to 31 days.</summary>
    /// <value>There is no default.</value>
    public TimeSpan Window { get; set; }

    /// <summary>For <see cref="GuardrailConstraintKind.MaxFrequency"/>: the most calls within the window, 1 to 1,000.</summary>
    /// <value>The default is 1.</value>
    public int MaxCount { get; set; } = 1;

    /// <summary>A sentence of the operator's, put into the refusal.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? ErrorMessage { get; set; }
}
