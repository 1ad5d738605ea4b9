using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>A certificate that is ready to be put on record, with what its hashes stand for. Immutable.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Nonce">Its nonce, which a decision on the answer of the same call bears too.</param>
internal sealed record CertifiedDecision(CertificateDraft Certificate, DecisionEvidence Evidence, string Nonce);
