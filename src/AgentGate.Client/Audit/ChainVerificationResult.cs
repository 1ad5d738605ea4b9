namespace AgentGate.Client.Audit;

/// <summary>What <c>POST /api/audit/verify-chain</c> answers.</summary>
public sealed record ChainVerificationResult
{
    /// <summary>Whether the log is whole.</summary>
    public required bool Valid { get; init; }

    /// <summary>How many entries were found in order before the end or the break.</summary>
    public required long EntriesChecked { get; init; }

    /// <summary>The time in the first of them.</summary>
    public DateTimeOffset? ChainStart { get; init; }

    /// <summary>The time in the last of them.</summary>
    public DateTimeOffset? ChainEnd { get; init; }

    /// <summary>Where the log is broken.</summary>
    public long? FirstBrokenSeq { get; init; }

    /// <summary><c>edited</c>, <c>missing</c>, <c>reordered</c>, <c>truncated</c> or <c>unknown_key</c>.</summary>
    public string? Reason { get; init; }
}
