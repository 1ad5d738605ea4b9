namespace AgentGate.Threats;

/// <summary>How bad it is if an attack of a rule comes through.</summary>
public enum ThreatSeverity
{
    /// <summary>Worth knowing.</summary>
    Low,

    /// <summary>Helps another attack.</summary>
    Medium,

    /// <summary>Reads what must not be read, or runs in somebody's browser.</summary>
    High,

    /// <summary>Runs on a server or in a database.</summary>
    Critical,
}
