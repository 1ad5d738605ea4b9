namespace AgentGate.Pipeline;

/// <summary>Reads what a tool's call would act on: the arguments that are declared to be resources, as policies see them. Thread-safe.</summary>
internal interface ICallTargets
{
    /// <summary>The targets of a call; none where an argument cannot be read, because such a call is denied for that.</summary>
    IReadOnlyList<CallTarget> Of(GateCall call);
}

/// <summary>One target.</summary>
/// <param name="Action">What would be done to it, one of <c>GateActions.Effects</c>.</param>
/// <param name="Id">Its normalised id.</param>
internal readonly record struct CallTarget(string Action, string Id);
