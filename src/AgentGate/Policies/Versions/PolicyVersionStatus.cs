namespace AgentGate.Policies.Versions;

/// <summary>What a version is for. Stored by name.</summary>
internal enum PolicyVersionStatus
{
    /// <summary>Being written: its text may change, and it judges nothing.</summary>
    Draft,

    /// <summary>Asked beside the active version; what it answers is recorded and not enforced. At most one per tenant.</summary>
    Shadow,

    /// <summary>In force. At most one per tenant; without one the configured policies are.</summary>
    Active,

    /// <summary>Was in force. Its text never changes any more.</summary>
    Retired,
}
