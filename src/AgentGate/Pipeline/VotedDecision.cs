using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>A decision that safety nodes voted on: id and α were fixed before they were asked, and stay. Immutable.</summary>
/// <param name="DecisionId">The decision the votes name.</param>
/// <param name="Bound">α, final.</param>
/// <param name="Alpha">Its canonical bytes.</param>
/// <param name="Proof">The theorem, evaluated with the votes.</param>
/// <param name="Votes">Every valid vote, yes and no, one per node, in the order of the nodes' ids.</param>
internal sealed record VotedDecision(
    string DecisionId, Alpha Bound, ReadOnlyMemory<byte> Alpha, AdmissibilityProof Proof, ImmutableArray<SignedVote> Votes);
