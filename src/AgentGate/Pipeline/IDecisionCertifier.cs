namespace AgentGate.Pipeline;

/// <summary>Makes certificates of decisions (docs/formats/certificate.md). Thread-safe. Whatever it throws closes the gate for the call.</summary>
internal interface IDecisionCertifier
{
    /// <summary>Makes the certificate of one decision.</summary>
    /// <param name="facts">The decision.</param>
    CertifiedDecision Certify(DecisionFacts facts);
}
