namespace AgentGate.Audit;

/// <summary>One entry as it stands in the store, not yet verified.</summary>
/// <param name="Seq">The number it is stored under.</param>
/// <param name="Canonical">Its bytes.</param>
/// <param name="Hash">Its chain value.</param>
internal sealed record StoredEntry(long Seq, ReadOnlyMemory<byte> Canonical, ReadOnlyMemory<byte> Hash);
