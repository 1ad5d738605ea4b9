using System.Security.Cryptography;
using NSecAlgorithm = NSec.Cryptography.SignatureAlgorithm;
using NSecFormat = NSec.Cryptography.KeyBlobFormat;
using NSecKey = NSec.Cryptography.Key;

namespace AgentGate.Kernel.Signing;

/// <summary>A private key that signs. Immutable and thread-safe until disposed; it never shows its secret.</summary>
public sealed class SigningKey : IDisposable
{
    /// <summary>The length of the secret of either algorithm: 32 bytes, an Ed25519 seed or a P-256 scalar (big-endian).</summary>
    public const int SecretLength = 32;

    private readonly NSecKey? _ed25519;
    private readonly EcdsaPool? _ecdsa;
    private volatile bool _disposed;

    private SigningKey(VerificationKey publicKey, NSecKey? ed25519, EcdsaPool? ecdsa) =>
        (PublicKey, _ed25519, _ecdsa) = (publicKey, ed25519, ecdsa);

    /// <summary>The key's id: that of <see cref="PublicKey"/>.</summary>
    public string Id => PublicKey.Id;

    /// <summary>The algorithm.</summary>
    public SignatureAlgorithm Algorithm => PublicKey.Algorithm;

    /// <summary>What checks the signatures of this key.</summary>
    public VerificationKey PublicKey { get; }

    /// <summary>Creates a key from its 32-byte secret.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="secret">An Ed25519 seed (RFC 8032, section 5.1.5) or a P-256 private scalar, big-endian. The caller destroys its copy.</param>
    /// <returns>The key.</returns>
    /// <exception cref="KeyFormatException">The length is wrong, or the scalar is zero or not below the order of the curve.</exception>
    public static SigningKey Create(SignatureAlgorithm algorithm, ReadOnlySpan<byte> secret)
    {
        if (secret.Length != SecretLength)
        {
            throw new KeyFormatException($"A private key of {algorithm.Name()} has {SecretLength} bytes, not {secret.Length}.");
        }

        if (algorithm == SignatureAlgorithm.Ed25519)
        {
            var key = NSecKey.Import(NSecAlgorithm.Ed25519, secret, NSecFormat.RawPrivateKey);
            var publicKey = key.PublicKey.Export(NSecFormat.RawPublicKey);
            return new SigningKey(VerificationKey.Create(algorithm, publicKey), key, null);
        }

        return EcdsaPool.TryCreateSigner(secret, out var pool)
            ? new SigningKey(VerificationKey.Create(algorithm, pool.PublicPoint()), null, pool)
            : throw new KeyFormatException("The private scalar is zero or not below the order of P-256; generate another key.");
    }

    /// <summary>Creates a P-256 key from its PKCS #8 form (RFC 5958), unencrypted.</summary>
    /// <param name="pkcs8">The DER bytes.</param>
    /// <returns>The key.</returns>
    /// <exception cref="KeyFormatException">The bytes are not a P-256 private key in this form.</exception>
    public static SigningKey CreateFromPkcs8(ReadOnlySpan<byte> pkcs8)
    {
        using var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportPkcs8PrivateKey(pkcs8, out var read);
            var parameters = ecdsa.ExportParameters(includePrivateParameters: true);
            if (read == pkcs8.Length && parameters.Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value)
            {
                var key = Create(SignatureAlgorithm.EcdsaP256, parameters.D);
                CryptographicOperations.ZeroMemory(parameters.D);
                return key;
            }
        }
        catch (CryptographicException exception)
        {
            throw new KeyFormatException("The bytes are not a private key in PKCS #8 form.", exception);
        }

        throw new KeyFormatException("The key in PKCS #8 form is not one of P-256, or bytes follow it.");
    }

    /// <summary>Signs.</summary>
    /// <param name="message">What to sign, with its domain in front.</param>
    /// <returns>64 bytes.</returns>
    /// <exception cref="ObjectDisposedException">The key was destroyed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _ed25519 is not null ? NSecAlgorithm.Ed25519.Sign(_ed25519, message) : _ecdsa!.Sign(message, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    /// <summary>Signs <c>domain ‖ message</c>.</summary>
    /// <param name="domain">One of <see cref="SigningDomains"/>.</param>
    /// <param name="message">What to sign.</param>
    /// <returns>64 bytes.</returns>
    /// <exception cref="ObjectDisposedException">The key was destroyed.</exception>
    public byte[] Sign(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message) =>
        SignedMessage.With(domain, message, this, static (key, bytes) => key.Sign(bytes));

    /// <summary>Signs with ECDSA in the DER form of RFC 3279, section 2.2.3, which signed notes of type 0x02 carry.</summary>
    /// <param name="message">What to sign.</param>
    /// <returns>70 to 72 bytes, rarely fewer.</returns>
    /// <exception cref="InvalidOperationException">The key is not a P-256 key.</exception>
    /// <exception cref="ObjectDisposedException">The key was destroyed.</exception>
    public byte[] SignDer(ReadOnlySpan<byte> message)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _ecdsa?.Sign(message, DSASignatureFormat.Rfc3279DerSequence)
            ?? throw new InvalidOperationException("Only P-256 keys sign in this form.");
    }

    /// <summary>Destroys the secret.</summary>
    public void Dispose()
    {
        _disposed = true;
        _ed25519?.Dispose();
        _ecdsa?.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => PublicKey.ToString();
}
