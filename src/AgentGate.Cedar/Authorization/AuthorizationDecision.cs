namespace AgentGate.Cedar.Authorization;

/// <summary>The answer to a request.</summary>
public enum AuthorizationDecision
{
    /// <summary>No: a policy forbids it, or none permits it.</summary>
    Deny,

    /// <summary>Yes: a policy permits it and none forbids it.</summary>
    Allow,
}
