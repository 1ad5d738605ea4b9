using AgentGate.Chat;
using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;

namespace Microsoft.Extensions.AI;

/// <summary>The proofs of a governed chat client's decisions.</summary>
public static class AgentGateCertificateExtensions
{
    /// <summary>The certificate of the client's last decision, of a denial too; <see langword="null"/> before the first call, or where no gate is in the pipeline.</summary>
    /// <param name="client">The client, with <c>UseAgentGate()</c> somewhere in its pipeline.</param>
    public static IssuedCertificate? LastCertificate(this IChatClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetService<ChatCertificates>()?.LastCertificate;
    }

    /// <summary>Verifies the certificate of the client's last decision as a stranger would, and executes the decision anew.</summary>
    /// <param name="client">The client, with <c>UseAgentGate()</c> somewhere in its pipeline.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What each step found, or <see langword="null"/> where there is nothing to verify.</returns>
    public static async ValueTask<VerificationReport?> VerifyLastCertificateAsync(this IChatClient client, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.GetService<ChatCertificates>() is { } certificates ? await certificates.VerifyLastCertificateAsync(cancellationToken) : null;
    }
}
