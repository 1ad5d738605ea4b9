using System.Collections.Immutable;
using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>What safety nodes answered. Immutable.</summary>
/// <param name="Yes">How many different nodes voted yes: what the theorem is given.</param>
/// <param name="Votes">Every valid vote, yes and no, one per node, in the order of the nodes' ids: the bundle's <c>votes</c>.</param>
internal sealed record QuorumVotes(int Yes, ImmutableArray<SignedVote> Votes);
