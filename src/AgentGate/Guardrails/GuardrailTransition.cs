namespace AgentGate.Guardrails;

/// <summary>Where a call leads.</summary>
public sealed class GuardrailTransition
{
    /// <summary>The tool, or a pattern. The exact name comes before patterns, and patterns in their order.</summary>
    /// <value>There is no default.</value>
    public string Action { get; set; } = "";

    /// <summary>The state afterwards.</summary>
    /// <value>There is no default.</value>
    public string NextState { get; set; } = "";

    /// <summary>What it is for.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Description { get; set; }
}
