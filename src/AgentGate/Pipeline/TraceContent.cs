using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>
/// The form of a call's content that may be kept in its trace, when that is not the form its effect gets: a tool call
/// released with real values is traced with the tokens.
/// </summary>
/// <param name="CallId">The call it belongs to; a child call does not inherit it.</param>
/// <param name="Content">The content with tokens.</param>
public sealed record TraceContent(string CallId, CallContent Content);
