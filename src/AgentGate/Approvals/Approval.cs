using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Approvals;

/// <summary>
/// A call that waits for people, and what they decided. Immutable: each act makes another one, which the store takes only where nobody acted
/// meanwhile.
/// </summary>
internal sealed record Approval
{
    /// <summary>Its id, a UUIDv7.</summary>
    public required string Id { get; init; }

    public required string Tenant { get; init; }

    /// <summary>The call that was held. A repeated call of the same content has another id and the same approval.</summary>
    public required string CallId { get; init; }

    /// <summary>The decision by which it was held, where certificates are made.</summary>
    public string? DecisionId { get; init; }

    /// <summary>The hash of that decision's certificate: who approves, approves this.</summary>
    public string? CertificateHash { get; init; }

    public required string Door { get; init; }

    /// <summary>Who asks: the pseudonymous id of the principal.</summary>
    public required string Principal { get; init; }

    public required string Action { get; init; }

    public required EntityRef Resource { get; init; }

    /// <summary>What the approval is bound to: see <see cref="CallDigests"/>.</summary>
    public required string CallDigest { get; init; }

    /// <summary>The code of the hold.</summary>
    public required string Code { get; init; }

    /// <summary>Why a person must decide.</summary>
    public required string Reason { get; init; }

    /// <summary>The content with tokens in place of personal data; <see langword="null"/> where none may be kept.</summary>
    public string? Shown { get; init; }

    public bool IsCut { get; init; }

    /// <summary>How many people must approve.</summary>
    public int Needed { get; init; } = 1;

    /// <summary>Whom the asking agent belongs to, and who therefore does not decide; empty where it belongs to nobody.</summary>
    public string OwnerId { get; init; } = string.Empty;

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be decided and used.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public ApprovalStatus Status { get; init; }

    public ImmutableArray<ApprovalVote> Votes { get; init; } = [];

    /// <summary>When it was decided; <see langword="null"/> while it is open.</summary>
    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>The entry that says it lapsed, and whether that is on record.</summary>
    public ApprovalVote? Lapse { get; init; }

    /// <summary>The call that went on by it.</summary>
    public string? UsedBy { get; init; }

    /// <summary>Raised by the store with each change.</summary>
    public long Version { get; init; }

    /// <summary>Whether a call of the same content finds it: it is open, or given and not yet used.</summary>
    public bool IsLive => Status is ApprovalStatus.Pending or ApprovalStatus.Approved;

    /// <summary>Whether every act of it is on record.</summary>
    public bool IsRecorded => Votes.All(static vote => vote.IsRecorded) && Lapse is not { IsRecorded: false };

    /// <summary>Whether it was given, and a call may go on by it now.</summary>
    public bool CanBeTaken(DateTimeOffset now) => Status == ApprovalStatus.Approved && IsRecorded && now < ExpiresAt;
}
