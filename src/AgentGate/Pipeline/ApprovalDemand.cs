namespace AgentGate.Pipeline;

/// <summary>
/// A call lacks nothing but a person's approval: it goes on through the guards, so that nobody is asked about what another guard refuses,
/// and is held by the last of them. A fact of the call's scope. Immutable.
/// </summary>
/// <param name="CallId">The call; a child call reads its parent's facts and must not take this one for its own.</param>
/// <param name="Code">The code of the hold.</param>
/// <param name="Reason">Why a person must decide, in the words the caller gets.</param>
internal sealed record ApprovalDemand(string CallId, string Code, string Reason)
{
    /// <summary>No call's demand: takes the place of one that does not count.</summary>
    public static ApprovalDemand None { get; } = new(string.Empty, string.Empty, string.Empty);

    /// <summary>The demand on a call, or <see langword="null"/> where there is none.</summary>
    public static ApprovalDemand? Of(GateCall call, CallScope scope)
        => scope.Find<ApprovalDemand>() is { } demand && demand.CallId == call.Id ? demand : null;
}
