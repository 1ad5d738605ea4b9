namespace AgentGate.Cedar.Syntax;

/// <summary>The two places of a template that a link fills.</summary>
public enum ScopeSlot
{
    /// <summary><c>?principal</c>, in the principal's scope.</summary>
    Principal,

    /// <summary><c>?resource</c>, in the resource's scope.</summary>
    Resource,
}
