namespace AgentGate.Chat;

/// <summary>A tool call as a model returned it, complete.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Input">The arguments: JSON text, or free text for a custom tool.</param>
/// <param name="IsJson">Whether the arguments are JSON by the protocol.</param>
/// <param name="IsDeclared">Whether the request declared the tool to the model.</param>
internal sealed record ProposedToolCall(string Name, string Input, bool IsJson, bool IsDeclared);
