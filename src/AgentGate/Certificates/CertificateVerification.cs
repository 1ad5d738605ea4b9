using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;

namespace AgentGate.Certificates;

/// <summary>
/// Verifies certificates as a stranger would: with their bundles and the public keys. Who does not trust this process fetches
/// both and verifies them elsewhere. Thread-safe.
/// </summary>
internal sealed class CertificateVerification(ICertificateStore certificates, BundleBuilder bundles, ISigningKeys keys, INodeKeys? nodes = null) : IIssuedVerifier
{
    /// <summary>Verifies a stored certificate.</summary>
    /// <returns>What was found, or <see langword="null"/> where no checkpoint covers the entry yet.</returns>
    /// <exception cref="EvidenceException">Stored evidence was changed, moved, or encrypted under another master key.</exception>
    public async ValueTask<VerificationReport?> VerifyAsync(StoredCertificate certificate, CancellationToken cancellationToken)
        => await bundles.BuildAsync(certificate, cancellationToken) is { } bundle ? BundleVerifier.Verify(certificate.ToJson(), bundle, Keys()) : null;

    public async ValueTask<VerificationReport> VerifyAsync(IssuedCertificate certificate, CancellationToken cancellationToken)
    {
        var json = certificate.ToJson();
        return await certificates.FindAsync(certificate.Read().Tenant, certificate.DecisionId, cancellationToken) is { } stored
            && await bundles.BuildAsync(stored, cancellationToken) is { } bundle
                ? BundleVerifier.Verify(json, bundle, Keys())
                : BundleVerifier.Verify(json, default, Keys());
    }

    private VerifierKeys Keys() => VerifierKeys.Create(keys.All.Select(Key)
        .Concat((nodes?.NodeKeys ?? []).Select(static key => new VerifierKey(key, [KeyRole.Nodes], null))).DistinctBy(static key => key.Key.Id));

    private VerifierKey Key(VerificationKey key) => new(key, [KeyRole.Certificates, KeyRole.Checkpoints, KeyRole.Grants], keys.Name);
}
