using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Approvals;

/// <summary>
/// What an approval can become, and by whose act: pending → approved | denied | expired, approved → used | expired. Pure. Every act that is
/// not listed is refused with a code of its own.
/// </summary>
internal static class ApprovalTransitions
{
    /// <summary>A person decides.</summary>
    /// <returns>The approval as it is then, or why not.</returns>
    public static (Approval? Next, Denial? Refused) Vote(Approval approval, ApprovalVote vote)
    {
        if (approval.Status != ApprovalStatus.Pending)
        {
            return (null, new Denial(Codes.ApprovalDecided, $"The approval is {Word(approval.Status)}; it is decided once.", DenialKind.Invalid));
        }

        if (vote.At >= approval.ExpiresAt)
        {
            return (null, new Denial(Codes.ApprovalExpired, "The approval's time is over, and the call stays undone.", DenialKind.Invalid));
        }

        if (vote.Approver == approval.Principal || (approval.OwnerId.Length > 0 && vote.Approver == approval.OwnerId))
        {
            return (null, new Denial(Codes.ApprovalOwn, "Nobody approves what they or their agents ask for; somebody else has to.", DenialKind.Forbidden));
        }

        if (approval.Votes.Any(one => one.Approver == vote.Approver))
        {
            return (null, new Denial(Codes.ApprovalDecided, "You have decided this already; others have to decide as well.", DenialKind.Invalid));
        }

        var next = approval with { Votes = approval.Votes.Add(vote) };
        var status = !vote.IsApproval ? ApprovalStatus.Denied
            : next.Votes.Count(static one => one.IsApproval) >= approval.Needed ? ApprovalStatus.Approved
            : ApprovalStatus.Pending;
        return (next with { Status = status, DecidedAt = status == ApprovalStatus.Pending ? null : vote.At }, null);
    }

    /// <summary>Its time passes.</summary>
    /// <returns>The approval as it is then, or <see langword="null"/> where it does not lapse now.</returns>
    public static Approval? Lapse(Approval approval, DateTimeOffset now, string entryId)
        => approval.IsLive && now >= approval.ExpiresAt
            ? approval with
            {
                Status = ApprovalStatus.Expired, DecidedAt = approval.DecidedAt ?? now, Lapse = new ApprovalVote(entryId, string.Empty, false, now, null, IsRecorded: false),
            }
            : null;

    /// <summary>A call goes on by it.</summary>
    /// <returns>The approval as it is then, or why not.</returns>
    public static (Approval? Next, Denial? Refused) Take(Approval approval, string callId, DateTimeOffset now)
        => Refusal(approval, now) is { } refused ? (null, refused)
            : approval.CanBeTaken(now) ? (approval with { Status = ApprovalStatus.Used, UsedBy = callId }, null)
            : (null, new Denial(Codes.ApprovalRequired, "The call waits for a person's approval, and nobody has given it yet.", DenialKind.Forbidden) { ApprovalId = approval.Id });

    /// <summary>Why waiting for it does not help, or <see langword="null"/> while it is open or given.</summary>
    public static Denial? Refusal(Approval approval, DateTimeOffset now) => approval.Status switch
    {
        ApprovalStatus.Denied => new Denial(Codes.ApprovalRefused, "A person refused the call.", DenialKind.Forbidden) { ApprovalId = approval.Id },
        ApprovalStatus.Used => new Denial(Codes.ApprovalUsed, "The approval was used by a call before, and is good once; ask again.", DenialKind.Forbidden) { ApprovalId = approval.Id },
        ApprovalStatus.Expired => Expired(approval),
        _ when now >= approval.ExpiresAt => Expired(approval),
        _ => null,
    };

    /// <summary>A status as a word of the API and the log.</summary>
    public static string Word(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Pending => "pending",
        ApprovalStatus.Approved => "approved",
        ApprovalStatus.Denied => "denied",
        ApprovalStatus.Expired => "expired",
        ApprovalStatus.Used => "used",
        _ => throw new InvalidOperationException("The set of statuses is closed."),
    };

    private static Denial Expired(Approval approval)
        => new(Codes.ApprovalExpired, "Nobody approved the call in time, so it stays undone; ask again.", DenialKind.Forbidden) { ApprovalId = approval.Id };
}
