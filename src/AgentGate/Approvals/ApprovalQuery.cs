namespace AgentGate.Approvals;

/// <summary>Which approvals are asked for.</summary>
/// <param name="Status">The status, or every one.</param>
/// <param name="Tool">The name of the tool or model, or every one.</param>
/// <param name="Principal">Who asks, or everybody.</param>
/// <param name="Offset">How many to pass over.</param>
/// <param name="Limit">How many at most.</param>
internal sealed record ApprovalQuery(ApprovalStatus? Status = null, string? Tool = null, string? Principal = null, int Offset = 0, int Limit = 100);

/// <summary>A page of approvals.</summary>
/// <param name="Approvals">The page.</param>
/// <param name="Total">How many fit the query.</param>
internal sealed record ApprovalPage(IReadOnlyList<Approval> Approvals, int Total);
