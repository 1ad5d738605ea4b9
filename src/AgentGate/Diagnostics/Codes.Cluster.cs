namespace AgentGate.Diagnostics;

/// <summary>Codes of tenants and of what servers of a cluster tell each other (AG45xx).</summary>
public static partial class Codes
{
    /// <summary>What other servers changed cannot be read; it is tried again.</summary>
    public const string ChangesNotRead = "AG4500";

    /// <summary>What is in force may have been taken back by another server: the server is not ready and denies every call.</summary>
    public const string KnowledgeTooOld = "AG4501";

    /// <summary>Connections of PostgreSQL are not under the role that was asked for, or that role passes row-level security.</summary>
    public const string RoleNotKept = "AG4502";
}
