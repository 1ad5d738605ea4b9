namespace AgentGate.Client.Audit;

/// <summary>Leaves of the own tenant's log, from the oldest on.</summary>
public sealed record TransparencyLogPage
{
    /// <summary>Always <see langword="true"/>; a failure has another status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>The leaves.</summary>
    public required IReadOnlyList<TransparencyLogEntry> Entries { get; init; }

    /// <summary>How many leaves the log has.</summary>
    public required long Total { get; init; }

    /// <summary>The newest published checkpoint, a signed note; absent while none is published.</summary>
    public string? Checkpoint { get; init; }
}

/// <summary>One leaf: what the log says of a decision without saying what it was about.</summary>
/// <param name="LogIndex">Its place, from 0.</param>
/// <param name="LeafHash">SHA-256(0x00 ‖ entry), lower-case hex.</param>
/// <param name="Kind">The entry's kind; <c>unreadable</c> for one that somebody spoiled.</param>
/// <param name="At">When.</param>
/// <param name="DecisionId">The decision, where the entry records one.</param>
/// <param name="CertificateHash">The hash of its certificate's body.</param>
public sealed record TransparencyLogEntry(
    long LogIndex, string LeafHash, string Kind, DateTimeOffset? At, string? DecisionId, string? CertificateHash);

/// <summary>Which leaves to verify.</summary>
public sealed record TransparencyLogVerifyRequest
{
    /// <summary>The first leaf, from 0. The default is 0.</summary>
    public long? StartIndex { get; init; }

    /// <summary>The last leaf. The default is the newest one.</summary>
    public long? EndIndex { get; init; }
}

/// <summary>What verifying leaves gave.</summary>
public sealed record TransparencyLogVerification
{
    /// <summary>Always <see langword="true"/>; a failure has another status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>Whether every leaf is the hash of its entry, and the tree that of the checkpoint.</summary>
    public required bool Valid { get; init; }

    /// <summary>How many leaves were checked before the end or the fault.</summary>
    public required long CheckedEntries { get; init; }

    /// <summary>The first leaf that is wrong.</summary>
    public long? FirstInvalidIndex { get; init; }

    /// <summary>What is wrong: <c>missing</c>, <c>edited</c> or <c>tree</c> (the tree is not that of the checkpoint).</summary>
    public string? FailureReason { get; init; }
}

/// <summary>What <c>GET /api/security/evidence/chain/{id}</c> answers.</summary>
public sealed record EvidenceChainResult
{
    /// <summary>Always <see langword="true"/>; a failure has another status.</summary>
    public bool Success { get; init; } = true;

    /// <summary>The chain: a tenant's log.</summary>
    public required string ChainId { get; init; }

    /// <summary>Whether the chain is whole.</summary>
    public required bool Valid { get; init; }

    /// <summary>How many entries were found in order before the end or the break.</summary>
    public required long CheckedEntries { get; init; }

    /// <summary><c>edited</c>, <c>missing</c>, <c>reordered</c>, <c>truncated</c> or <c>unknown_key</c>.</summary>
    public string? FailureReason { get; init; }

    /// <summary>Where it is broken: the entry's index, from 0.</summary>
    public long? FailedHopIndex { get; init; }
}
