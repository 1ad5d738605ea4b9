using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>
/// Certificates that are committed together and share one signature: over the root of the Merkle tree (RFC 9162 §2.1) of their bodies.
/// Immutable and thread-safe.
/// </summary>
public sealed class CertificateBatch
{
    /// <summary>The most certificates of a batch.</summary>
    public const int SizeMax = 65_536;

    private CertificateBatch(int size) => Size = size;

    /// <summary>How many certificates there are.</summary>
    public int Size { get; }

    /// <summary>Signs a batch.</summary>
    /// <param name="drafts">The certificates, from 1 to <see cref="SizeMax"/>.</param>
    /// <param name="key">The signing key.</param>
    public static CertificateBatch Sign(IReadOnlyList<CertificateDraft> drafts, SigningKey key) => throw new NotImplementedException();

    /// <summary>The seal of one certificate.</summary>
    /// <param name="index">Its place in the batch, from 0.</param>
    /// <param name="origin">The log's origin.</param>
    /// <param name="logIndex">The index of the leaf of its entry, from 0.</param>
    public CertificateSeal Seal(int index, string origin, long logIndex) => throw new NotImplementedException();

    /// <summary>Whether a seal is of this body and this key.</summary>
    /// <param name="body">The body's canonical bytes.</param>
    /// <param name="seal">The seal.</param>
    /// <param name="key">The public key.</param>
    public static bool Verify(ReadOnlySpan<byte> body, CertificateSeal seal, VerificationKey key) => throw new NotImplementedException();
}
