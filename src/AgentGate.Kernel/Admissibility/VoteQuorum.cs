using System.Collections.Immutable;

namespace AgentGate.Kernel.Admissibility;

/// <summary>How many of which safety nodes must vote yes. Immutable.</summary>
/// <param name="Votes">How many, at least 1.</param>
/// <param name="Nodes">The nodes, sorted by id; no two share an id or a key.</param>
public sealed record VoteQuorum(int Votes, ImmutableArray<VoteNode> Nodes);
