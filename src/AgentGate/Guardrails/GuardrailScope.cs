namespace AgentGate.Guardrails;

/// <summary>Whose calls a rule remembers together. Whatever it is, calls of two tenants are never counted together but by <see cref="Global"/>.</summary>
public enum GuardrailScope
{
    /// <summary>One principal: an agent's key, or a person who calls without one.</summary>
    Agent,

    /// <summary>
    /// One session that the caller names, inside its principal; the principal where it names none. Whoever names sessions begins a new one
    /// at will, so that this scope keeps conversations apart and bounds nobody.
    /// </summary>
    Session,

    /// <summary>The person a principal acts for, over all keys; the principal where nobody answers for it.</summary>
    User,

    /// <summary>The whole tenant.</summary>
    Tenant,

    /// <summary>Every tenant of the server together.</summary>
    Global,
}
