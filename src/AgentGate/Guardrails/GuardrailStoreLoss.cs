namespace AgentGate.Guardrails;

/// <summary>What a guardrail does while the store of its state cannot be asked.</summary>
public enum GuardrailStoreLoss
{
    /// <summary>The call is denied (503).</summary>
    Deny,

    /// <summary>The call goes on uncounted, and its record says so.</summary>
    Allow,
}
