namespace AgentGate.Identity;

/// <summary>What became of a refresh token.</summary>
internal enum RefreshResult
{
    /// <summary>It was good; the next one is.</summary>
    Rotated,

    /// <summary>It was never given, or its session has ended.</summary>
    Unknown,

    /// <summary>It was exchanged before: its session has ended now.</summary>
    Reused,
}
