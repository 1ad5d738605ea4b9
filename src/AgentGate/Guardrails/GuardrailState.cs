namespace AgentGate.Guardrails;

/// <summary>One state of a state machine: what may be called in it, and where that leads.</summary>
public sealed class GuardrailState
{
    /// <summary>What it is for.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Description { get; set; }

    /// <summary>What may be called.</summary>
    /// <value>The default is empty: nothing may, the session ends here.</value>
    public IList<GuardrailTransition> Transitions { get; } = [];

    /// <summary>What is demanded beside.</summary>
    /// <value>The default is empty.</value>
    public IList<GuardrailConstraint> Constraints { get; } = [];
}
