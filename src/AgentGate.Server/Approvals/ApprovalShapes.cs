using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Approvals;

namespace AgentGate.Server.Approvals;

/// <summary>A page of approvals, the newest first.</summary>
internal sealed record ApprovalList(IReadOnlyList<ApprovalEntry> Approvals, int Total, int Limit, int Offset);

/// <summary>How many approvals are open.</summary>
internal sealed record ApprovalCount(int Count);

/// <summary>A call that waits for people, and what they decided.</summary>
/// <param name="ApprovalId">The approval.</param>
/// <param name="Status"><c>pending</c>, <c>approved</c>, <c>denied</c>, <c>expired</c> or <c>used</c>.</param>
/// <param name="Tool">The tool or model that would be called.</param>
/// <param name="Inputs">What would leave, with tokens in place of personal data; absent where none may be kept.</param>
/// <param name="InputsCut">Whether <paramref name="Inputs"/> is the beginning of it, as text.</param>
/// <param name="CallId">The call, as log and traces name it.</param>
/// <param name="AgentId">Who asks.</param>
/// <param name="UserId">The person the agent acts for.</param>
/// <param name="Door">The door the call came through.</param>
/// <param name="Reason">Why a person must decide.</param>
/// <param name="CallDigest">What the approval is bound to.</param>
/// <param name="DecisionId">The decision by which the call was held.</param>
/// <param name="Needed">How many people must approve.</param>
/// <param name="Votes">Who decided so far.</param>
/// <param name="CreatedAt">When the call was held.</param>
/// <param name="ExpiresAt">Until when it can be decided and go on.</param>
/// <param name="DecidedAt">When it was decided.</param>
internal sealed record ApprovalEntry(
    string ApprovalId,
    string Status,
    string Tool,
    JsonNode? Inputs,
    bool InputsCut,
    string CallId,
    string AgentId,
    string? UserId,
    string Door,
    string Reason,
    string CallDigest,
    string? DecisionId,
    int Needed,
    IReadOnlyList<ApprovalVoteEntry> Votes,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? DecidedAt)
{
    /// <param name="approval">The approval.</param>
    /// <param name="now">The time: what nobody decided by then is shown as expired, whether or not that is stored yet.</param>
    public static ApprovalEntry Of(Approval approval, DateTimeOffset now) => new(
        approval.Id,
        ApprovalTransitions.Word(approval.IsLive && now >= approval.ExpiresAt ? ApprovalStatus.Expired : approval.Status),
        approval.Resource.Id,
        Shown(approval),
        approval.IsCut,
        approval.CallId,
        approval.Principal,
        approval.OwnerId.Length > 0 ? approval.OwnerId : null,
        approval.Door,
        approval.Reason,
        approval.CallDigest,
        approval.DecisionId,
        approval.Needed,
        [.. approval.Votes.Select(static vote => new ApprovalVoteEntry(vote.Approver, vote.IsApproval, vote.Reason, vote.At))],
        approval.CreatedAt,
        approval.ExpiresAt,
        approval.DecidedAt);

    private static JsonNode? Shown(Approval approval)
    {
        if (approval.Shown is null)
        {
            return null;
        }

        try
        {
            return approval.IsCut ? JsonValue.Create(approval.Shown) : JsonNode.Parse(approval.Shown);
        }
        catch (JsonException)
        {
            return JsonValue.Create(approval.Shown);
        }
    }
}

/// <summary>What one person decided.</summary>
/// <param name="DecidedBy">The person.</param>
/// <param name="Approved">Whether the person approved.</param>
/// <param name="Reason">What the person says about it.</param>
/// <param name="DecidedAt">When.</param>
internal sealed record ApprovalVoteEntry(string DecidedBy, bool Approved, string? Reason, DateTimeOffset DecidedAt);

/// <summary>A person decides.</summary>
internal sealed record ApprovalDecision
{
    /// <summary>Whether the call may go on.</summary>
    public required bool Approved { get; init; }

    /// <summary>What to say about it, at most 1,000 characters. It is kept with the approval, and not in the log.</summary>
    public string? Reason { get; init; }
}
