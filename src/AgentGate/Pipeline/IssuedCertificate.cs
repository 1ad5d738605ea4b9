using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>A certificate that is on record, signed. Immutable.</summary>
/// <param name="Draft">What was certified: the decision's id, the body and its hash.</param>
/// <param name="Seal">Its signature and its place in the log.</param>
public sealed record IssuedCertificate(CertificateDraft Draft, CertificateSeal Seal)
{
    /// <summary>The decision's id, a UUIDv7.</summary>
    public string DecisionId => Draft.DecisionId;

    /// <summary>The certificate as it is published (docs/formats/certificate.md), canonical JSON.</summary>
    public byte[] ToJson() => CertificateJson.Write(Draft.Body.Span, Seal);

    /// <summary>The certificate's members.</summary>
    public DecisionCertificate Read() => CertificateJson.Parse(ToJson());
}
