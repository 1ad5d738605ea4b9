using System.Diagnostics.CodeAnalysis;
using NSecAlgorithm = NSec.Cryptography.SignatureAlgorithm;
using NSecFormat = NSec.Cryptography.KeyBlobFormat;
using NSecPublicKey = NSec.Cryptography.PublicKey;

namespace AgentGate.Kernel.Signing;

/// <summary>A public key that checks signatures. Immutable and thread-safe; two are equal when their ids are.</summary>
public sealed class VerificationKey : IEquatable<VerificationKey>
{
    /// <summary>The length of a signature of either algorithm: 64 bytes.</summary>
    public const int SignatureLength = 64;

    /// <summary>The length of an Ed25519 public key: 32 bytes (RFC 8032, section 5.1.5).</summary>
    public const int Ed25519Length = 32;

    /// <summary>The length of an uncompressed P-256 point: 65 bytes (SEC 1, section 2.3.3).</summary>
    public const int P256Length = 65;

    private readonly byte[] _publicKey;
    private readonly NSecPublicKey? _ed25519;
    private readonly EcdsaPool? _ecdsa;

    private VerificationKey(SignatureAlgorithm algorithm, byte[] publicKey, NSecPublicKey? ed25519, EcdsaPool? ecdsa)
    {
        Algorithm = algorithm;
        Id = KeyIds.Derive(algorithm, publicKey);
        (_publicKey, _ed25519, _ecdsa) = (publicKey, ed25519, ecdsa);
    }

    /// <summary>The id, derived from algorithm and public key: <c>k</c> and 16 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The algorithm.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>The raw public key: 32 bytes (Ed25519) or a 65-byte uncompressed point (P-256).</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>Reads a raw public key.</summary>
    /// <param name="algorithm">Its algorithm.</param>
    /// <param name="publicKey">32 bytes for Ed25519, a 65-byte uncompressed point for P-256.</param>
    /// <returns>The key.</returns>
    /// <exception cref="KeyFormatException">The bytes are not a public key of this algorithm.</exception>
    public static VerificationKey Create(SignatureAlgorithm algorithm, ReadOnlySpan<byte> publicKey) =>
        TryCreate(algorithm, publicKey, out var key)
            ? key
            : throw new KeyFormatException($"The bytes are not a public key of {algorithm.Name()}; {Expected(algorithm)}");

    /// <summary>Reads a raw public key.</summary>
    /// <param name="algorithm">Its algorithm.</param>
    /// <param name="publicKey">32 bytes for Ed25519, a 65-byte uncompressed point for P-256.</param>
    /// <param name="key">The key.</param>
    /// <returns>Whether the bytes are a public key of this algorithm; a P-256 point must lie on the curve.</returns>
    public static bool TryCreate(SignatureAlgorithm algorithm, ReadOnlySpan<byte> publicKey, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        switch (algorithm)
        {
            case SignatureAlgorithm.Ed25519 when publicKey.Length == Ed25519Length:
                if (NSecPublicKey.TryImport(NSecAlgorithm.Ed25519, publicKey, NSecFormat.RawPublicKey, out var ed25519) && ed25519 is not null)
                {
                    key = new VerificationKey(algorithm, publicKey.ToArray(), ed25519, null);
                }

                break;
            case SignatureAlgorithm.EcdsaP256 when publicKey.Length == P256Length && publicKey[0] == 4:
                if (EcdsaPool.TryCreate(publicKey, out var ecdsa))
                {
                    key = new VerificationKey(algorithm, publicKey.ToArray(), null, ecdsa);
                }

                break;
            default:
                break;
        }

        return key is not null;
    }

    /// <summary>Checks a signature.</summary>
    /// <param name="message">What was signed, with its domain in front.</param>
    /// <param name="signature">The signature: 64 bytes.</param>
    /// <returns>Whether this key made it. Strict: Ed25519 refuses keys and points of small order and scalars out of range.</returns>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength)
        {
            return false;
        }

        return _ed25519 is not null
            ? NSecAlgorithm.Ed25519.Verify(_ed25519, message, signature)
            : _ecdsa!.Verify(message, signature);
    }

    /// <summary>Checks a signature over <c>domain ‖ message</c>.</summary>
    /// <param name="domain">One of <see cref="SigningDomains"/>.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">The signature: 64 bytes.</param>
    /// <returns>Whether this key made it for this domain.</returns>
    public bool Verify(ReadOnlySpan<byte> domain, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        SignedMessage.With(domain, message, new Claim(this, signature), static (claim, bytes) => claim.Key.Verify(bytes, claim.Signature));

    /// <summary>Checks an ECDSA signature in the DER form of RFC 3279, section 2.2.3, which signed notes of type 0x02 carry.</summary>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">The signature in DER.</param>
    /// <returns>Whether this key made it; <see langword="false"/> for a key of another algorithm.</returns>
    public bool VerifyDer(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> fixedLength = stackalloc byte[SignatureLength];
        return _ecdsa is not null && DerSignature.TryDecode(signature, fixedLength) && _ecdsa.Verify(message, fixedLength);
    }

    /// <summary>The DER encoding of a P-256 key in SubjectPublicKeyInfo form (RFC 5480).</summary>
    /// <returns>91 bytes.</returns>
    /// <exception cref="InvalidOperationException">The key is not a P-256 key.</exception>
    public byte[] ExportSubjectPublicKeyInfo() =>
        _ecdsa?.SubjectPublicKeyInfo() ?? throw new InvalidOperationException("Only P-256 keys are exported in this form.");

    /// <inheritdoc/>
    public bool Equals(VerificationKey? other) => other is not null && Algorithm == other.Algorithm && _publicKey.AsSpan().SequenceEqual(other._publicKey);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as VerificationKey);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Algorithm.Name()})";

    private static string Expected(SignatureAlgorithm algorithm) => algorithm == SignatureAlgorithm.Ed25519
        ? "32 bytes are expected (RFC 8032)."
        : "a 65-byte uncompressed point on the curve is expected (SEC 1).";

    private readonly ref struct Claim(VerificationKey key, ReadOnlySpan<byte> signature)
    {
        public VerificationKey Key { get; } = key;

        public ReadOnlySpan<byte> Signature { get; } = signature;
    }
}
