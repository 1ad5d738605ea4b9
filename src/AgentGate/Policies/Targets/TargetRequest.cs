namespace AgentGate.Policies.Targets;

/// <summary>What a tool would do to one target: a request of its own.</summary>
/// <param name="Action">The effect, one of <c>GateActions.Effects</c>.</param>
/// <param name="Target">The target.</param>
/// <param name="Argument">The argument that names it, as declared.</param>
internal sealed record TargetRequest(string Action, Target Target, string Argument);
