namespace AgentGate.Limits;

/// <summary>What a limit does while the store that holds its counts is lost. The store in process cannot be lost.</summary>
public enum StoreLoss
{
    /// <summary>The call is denied (503).</summary>
    Deny,

    /// <summary>
    /// Each server counts its own share. Half of <see cref="LimitRule.Calls"/> is spread over <see cref="LimitsOptions.Servers"/>
    /// beforehand, one call each at least, and the shared store never grants that half; a share is used when the store has nothing
    /// left or is lost. So all servers together never pass the limit, also in the windows that hold the loss or the return.
    /// A server without a seat among the declared ones has no share.
    /// </summary>
    LocalShare,

    /// <summary>The call goes on uncounted, and its record says so.</summary>
    Allow,
}
