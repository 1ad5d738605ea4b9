namespace AgentGate.Pipeline;

/// <summary>Whether policy permits putting values back into the arguments of the tool call at hand.</summary>
/// <param name="CallId">The call it belongs to.</param>
/// <param name="Permitted">Whether it is permitted.</param>
internal sealed record RestorePermit(string CallId, bool Permitted);
