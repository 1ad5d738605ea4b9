namespace AgentGate.Threats;

/// <summary>What happens when an attack is found.</summary>
public enum ThreatAction
{
    /// <summary>Nothing; it is not even recorded.</summary>
    Off,

    /// <summary>The call goes on, and the finding stands in its record.</summary>
    Flag,

    /// <summary>The call is denied.</summary>
    Block,
}
