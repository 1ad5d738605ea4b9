namespace AgentGate.Limits;

/// <summary>What a limit does while the store that holds its counts is lost. The store in process cannot be lost.</summary>
public enum StoreLoss
{
    /// <summary>The call is denied (503).</summary>
    Deny,

    /// <summary>
    /// This server counts by itself and grants its share, <see cref="LimitRule.Calls"/> divided by
    /// <see cref="LimitsOptions.Servers"/>. In the windows that hold the loss or the return, all servers together grant at
    /// most twice the limit.
    /// </summary>
    LocalShare,

    /// <summary>The call goes on uncounted, and its record says so.</summary>
    Allow,
}
