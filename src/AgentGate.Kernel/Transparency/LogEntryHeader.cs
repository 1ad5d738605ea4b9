namespace AgentGate.Kernel.Transparency;

/// <summary>What the chain needs of an entry.</summary>
internal readonly record struct LogEntryHeader(string Tenant, string KeyId, DateTimeOffset At, long Seq);
