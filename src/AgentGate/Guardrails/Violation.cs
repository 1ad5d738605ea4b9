namespace AgentGate.Guardrails;

/// <summary>Why a call does not fit a guardrail.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Constraint">Which demand, for example <c>cooldown:delete_*</c>.</param>
/// <param name="Demands">What it demands, as the end of a sentence.</param>
/// <param name="Message">The operator's own sentence, if there is one.</param>
internal sealed record Violation(string Code, string Constraint, string Demands, string? Message = null);
