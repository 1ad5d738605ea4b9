using AgentGate.Chat;

namespace AgentGate.Server.Gateway.Streaming;

/// <summary>A tool call that was held back until it was complete.</summary>
/// <param name="Key">Names the call within its answer, so that it is decided once.</param>
/// <param name="Proposed">The call.</param>
/// <param name="Start">The raw JSON the provider started it with.</param>
/// <param name="Position">The choice, block or output index it belongs to.</param>
/// <param name="IsRaw">Whether the input came as JSON itself where the protocol has a string, and goes on like that.</param>
internal sealed record HeldToolCall(string Key, ProposedToolCall Proposed, ReadOnlyMemory<byte> Start, int Position, bool IsRaw = false);
