using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>A locked log.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Head">Where it stands.</param>
/// <param name="Entries">The entries behind the position that was asked for, in order.</param>
/// <param name="IsWhole">Whether these are all of them; otherwise they are too many and <paramref name="Entries"/> is the beginning.</param>
internal sealed record LogGrowth(string Tenant, ChainHead Head, IReadOnlyList<StoredEntry> Entries, bool IsWhole);
