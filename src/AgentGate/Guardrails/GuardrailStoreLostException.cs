namespace AgentGate.Guardrails;

/// <summary>The store of the guardrails cannot be asked.</summary>
internal sealed class GuardrailStoreLostException(string message, Exception? cause = null) : Exception(message, cause);
