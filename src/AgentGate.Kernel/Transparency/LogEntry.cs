namespace AgentGate.Kernel.Transparency;

/// <summary>One entry of a log, read back from its canonical bytes. Immutable.</summary>
/// <param name="Seq">The entry's place in its tenant's log, counted from 1.</param>
/// <param name="KeyId">The id of the chain key.</param>
/// <param name="Body">The content.</param>
public sealed record LogEntry(long Seq, string KeyId, LogEntryBody Body);
