namespace AgentGate.Cedar.Syntax;

/// <summary>What a satisfied policy does.</summary>
public enum PolicyEffect
{
    /// <summary>Allows the request, unless some policy forbids it.</summary>
    Permit,

    /// <summary>Denies the request, whatever permits it.</summary>
    Forbid,
}
