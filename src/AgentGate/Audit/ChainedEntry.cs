using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>One entry ready to be stored. <paramref name="Canonical"/> is good only until the append that takes it returns.</summary>
internal readonly record struct ChainedEntry(LogEntryBody Body, ReadOnlyMemory<byte> Canonical, ChainHead Head);
