namespace AgentGate.Kernel.Certificates;

/// <summary>Writes the bodies of certificates (docs/formats/certificate.md). Pure and thread-safe.</summary>
public static class CertificateBody
{
    /// <summary>What wrote the certificates of this version.</summary>
    public const string SolverVersion = "agentgate-kernel/1";

    /// <summary>Writes a certificate's body: adds ContextBound, result and proof to what is given.</summary>
    /// <param name="content">What was decided, and what it rests on.</param>
    /// <exception cref="ArgumentException">The parts do not fit together, for example a proof without α.</exception>
    public static CertificateDraft Write(CertificateContent content) => throw new NotImplementedException();
}
