namespace AgentGate.Audit;

/// <summary>How safe an entry is when appending returns. Recorded in each entry.</summary>
public enum AuditDurability
{
    /// <summary>On the disk. Survives loss of power.</summary>
    Commit,

    /// <summary>In the operating system, on the disk within milliseconds. Survives the end of the process.</summary>
    Write,
}
