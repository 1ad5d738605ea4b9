using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>A checkpoint of one of our logs with its signatures. Immutable.</summary>
/// <param name="Checkpoint">What it says.</param>
/// <param name="Note">The signed note's bytes.</param>
internal sealed record LogCheckpoint(Checkpoint Checkpoint, ReadOnlyMemory<byte> Note);
