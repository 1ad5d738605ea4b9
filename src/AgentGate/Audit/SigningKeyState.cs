namespace AgentGate.Audit;

/// <summary>Whether a signing key signs.</summary>
internal enum SigningKeyState
{
    /// <summary>It signs.</summary>
    Current,

    /// <summary>A rotation to it has begun: it signs once the logs say so.</summary>
    Pending,

    /// <summary>It signs no longer; what it signed is still checked with it.</summary>
    Retired,
}
