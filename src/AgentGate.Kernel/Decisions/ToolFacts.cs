namespace AgentGate.Kernel.Decisions;

/// <summary>What the door attests about a model's tool call.</summary>
/// <param name="IsDeclared">Whether the request declared the tool to the model.</param>
/// <param name="ArgumentsAreValid">Whether the arguments are what the protocol says: JSON for a function, text for a custom tool.</param>
public sealed record ToolFacts(bool IsDeclared, bool ArgumentsAreValid);
