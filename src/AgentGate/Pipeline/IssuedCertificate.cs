using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>A certificate that is on record. Immutable.</summary>
/// <param name="Draft">What was certified: the decision's id, the body and its hash.</param>
/// <param name="Seal">Its signature and place in the log, or <see langword="null"/> where the record signs nothing.</param>
public sealed record IssuedCertificate(CertificateDraft Draft, CertificateSeal? Seal)
{
    /// <summary>The decision's id, a UUIDv7.</summary>
    public string DecisionId => Draft.DecisionId;
}
