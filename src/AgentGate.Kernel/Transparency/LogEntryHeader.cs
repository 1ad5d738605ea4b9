namespace AgentGate.Kernel.Transparency;

/// <summary>What the chain needs of an entry. <paramref name="Rotation"/> is the statement of an entry that rotates a key.</summary>
internal readonly record struct LogEntryHeader(string Tenant, string KeyId, DateTimeOffset At, long Seq, string? Rotation);
