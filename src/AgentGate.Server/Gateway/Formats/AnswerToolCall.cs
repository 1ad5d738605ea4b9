using AgentGate.Chat;

namespace AgentGate.Server.Gateway.Formats;

/// <summary>A tool call in a complete answer.</summary>
/// <param name="Proposed">The call.</param>
/// <param name="Element">The array element that holds it; -1 for a legacy <c>function_call</c>.</param>
/// <param name="Input">The node of its arguments.</param>
/// <param name="Choice">The choice it belongs to, where an answer has several.</param>
internal sealed record AnswerToolCall(ProposedToolCall Proposed, int Element, int Input, int Choice);
