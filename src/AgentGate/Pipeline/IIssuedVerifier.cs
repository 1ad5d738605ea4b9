using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>Verifies certificates that this process issued, as a stranger would. Thread-safe.</summary>
internal interface IIssuedVerifier
{
    /// <summary>Verifies signature and hashes and re-executes the decision; where its evidence is kept no longer, signature and form alone.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    ValueTask<VerificationReport> VerifyAsync(IssuedCertificate certificate, CancellationToken cancellationToken);
}
