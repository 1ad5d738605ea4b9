namespace AgentGate.Approvals;

/// <summary>What has become of an approval.</summary>
public enum ApprovalStatus
{
    /// <summary>People are asked.</summary>
    Pending,

    /// <summary>As many people as are needed approved. The call can go on, once.</summary>
    Approved,

    /// <summary>A person refused.</summary>
    Denied,

    /// <summary>Nobody decided in time, or nobody used it in time.</summary>
    Expired,

    /// <summary>A call went on by it.</summary>
    Used,
}
