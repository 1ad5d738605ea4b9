namespace AgentGate.Pipeline;

/// <summary>
/// A call that was held goes on, because people approved exactly it. Made by taking an approval, which is good once. A fact of the call's
/// scope. Immutable.
/// </summary>
/// <param name="CallId">The call; a child call reads its parent's facts and must not take this one for its own.</param>
/// <param name="ApprovalId">The approval that was taken.</param>
/// <param name="DecisionId">The decision by which the call was held; the next certificate names it.</param>
/// <param name="ApprovedAt">When the last of those who were needed approved (UTC, whole milliseconds).</param>
/// <param name="ApprovedBy">The pseudonymous id of that person.</param>
internal sealed record Resumption(string CallId, string ApprovalId, string? DecisionId, DateTimeOffset ApprovedAt, string ApprovedBy)
{
    /// <summary>The resumption of a call, or <see langword="null"/> where it is a new one.</summary>
    public static Resumption? Of(GateCall call, CallScope scope)
        => scope.Find<Resumption>() is { } resumption && resumption.CallId == call.Id ? resumption : null;
}
