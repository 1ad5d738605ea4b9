namespace AgentGate.Pipeline;

/// <summary>A call touched a honey token: what its certificate names as the counterexample. A fact of the call's scope. Immutable.</summary>
/// <param name="CallId">The call; a child call reads its parent's facts and must not take this one for its own.</param>
/// <param name="TokenId">The token's id, never its value.</param>
internal sealed record HoneyTouch(string CallId, string TokenId)
{
    /// <summary>The touch of a call, or <see langword="null"/> where there was none.</summary>
    public static HoneyTouch? Of(GateCall call, CallScope scope)
        => scope.Find<HoneyTouch>() is { } touch && touch.CallId == call.Id ? touch : null;
}
