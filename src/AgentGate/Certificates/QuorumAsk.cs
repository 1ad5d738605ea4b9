using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;

namespace AgentGate.Certificates;

/// <summary>What safety nodes are asked. Immutable.</summary>
/// <param name="Tenant">Whose call it is, and in whose log the votes go.</param>
/// <param name="CallId">The call.</param>
/// <param name="Question">The decision, by the hashes that a vote must name.</param>
/// <param name="Quorum">The nodes whose votes count, as the settings name them that Γ names.</param>
/// <param name="Body">What is sent to every node: docs/safety-nodes.md.</param>
internal sealed record QuorumAsk(string Tenant, string CallId, VoteQuestion Question, VoteQuorum Quorum, ReadOnlyMemory<byte> Body);
