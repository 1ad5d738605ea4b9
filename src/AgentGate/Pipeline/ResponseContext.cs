using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What a response guard sees.</summary>
/// <param name="Call">The call as it was permitted.</param>
/// <param name="Scope">Facts of this call, among them what request guards left.</param>
/// <param name="Content">The answer's content, or <see langword="null"/> when a stream is opened.</param>
public sealed record ResponseContext(GateCall Call, CallScope Scope, CallContent? Content);
