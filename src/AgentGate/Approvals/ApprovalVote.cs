namespace AgentGate.Approvals;

/// <summary>What one person decided. Immutable.</summary>
/// <param name="EntryId">The id of the entry that puts it on record.</param>
/// <param name="Approver">The pseudonymous id of the person.</param>
/// <param name="IsApproval">Whether the person approved.</param>
/// <param name="At">When (UTC, whole milliseconds).</param>
/// <param name="Reason">What the person says about it, if anything.</param>
/// <param name="IsRecorded">Whether the entry is known to be on record: until then it counts for nothing.</param>
internal sealed record ApprovalVote(string EntryId, string Approver, bool IsApproval, DateTimeOffset At, string? Reason, bool IsRecorded);
