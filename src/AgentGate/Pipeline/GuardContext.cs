namespace AgentGate.Pipeline;

/// <summary>What a request guard sees: the call as the guards before it left it, and the call's scope.</summary>
/// <param name="Call">The call with its current content.</param>
/// <param name="Scope">Facts of this call.</param>
public sealed record GuardContext(GateCall Call, CallScope Scope);
