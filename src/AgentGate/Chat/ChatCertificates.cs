using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;

namespace AgentGate.Chat;

/// <summary>The certificates of a governed chat client's calls: <c>client.GetService&lt;ChatCertificates&gt;()</c>. Thread-safe.</summary>
public sealed class ChatCertificates
{
    private readonly ChatDoor _door;
    private volatile IssuedCertificate? _last;

    internal ChatCertificates(ChatDoor door) => _door = door;

    /// <summary>
    /// The certificate of this client's last decision, of a denial too; <see langword="null"/> before the first call. With calls
    /// side by side it is one of theirs: take <see cref="GateOptions.CertificateIssued"/>, or the one of the exception, to tell them apart.
    /// </summary>
    public IssuedCertificate? LastCertificate => _last;

    /// <summary>Verifies <see cref="LastCertificate"/> as a stranger would: signature, hashes, place in the log, and the decision anew.</summary>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What each step found, or <see langword="null"/> where there is nothing to verify.</returns>
    /// <remarks>Where the evidence is kept no longer, signature and form alone are verified, and the report says so.</remarks>
    public async ValueTask<VerificationReport?> VerifyLastCertificateAsync(CancellationToken cancellationToken = default)
        => _last is { } last && _door.Verifier is { } verifier ? await verifier.VerifyAsync(last, cancellationToken) : null;

    internal void Add(IssuedCertificate? certificate)
    {
        if (certificate is not null)
        {
            _last = certificate;
        }
    }
}
