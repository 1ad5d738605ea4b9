using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Transparency;

/// <summary>A private key with the name it signs notes under. Thread-safe until the key is destroyed.</summary>
/// <param name="key">The private key; this does not own it.</param>
/// <param name="publicKey">Its public part, named: <see cref="NoteKey.ForLog"/> or <see cref="NoteKey.ForWitness"/>.</param>
public sealed class NoteSigner(SigningKey key, NoteKey publicKey)
{
    /// <summary>The named public key.</summary>
    public NoteKey PublicKey { get; } = publicKey.Key.Equals(key.PublicKey)
        ? publicKey
        : throw new ArgumentException("The named public key belongs to another private key.", nameof(publicKey));

    /// <summary>Signs as a log.</summary>
    /// <param name="text">The note's text, with its last line feed.</param>
    /// <returns>The signature line.</returns>
    /// <exception cref="InvalidOperationException">The key is a witness's.</exception>
    public NoteSignature Sign(ReadOnlySpan<byte> text) => PublicKey.Type switch
    {
        NoteSignatureType.Ed25519 => new NoteSignature(PublicKey.Name, PublicKey.KeyId, key.Sign(text)),
        NoteSignatureType.EcdsaP256 => new NoteSignature(PublicKey.Name, PublicKey.KeyId, key.SignDer(text)),
        _ => throw new InvalidOperationException("A witness's key signs with the time only: use Cosign."),
    };

    /// <summary>Cosigns as a witness (C2SP <c>tlog-cosignature</c>).</summary>
    /// <param name="text">The checkpoint's text, with its last line feed.</param>
    /// <param name="at">Now; the second counts.</param>
    /// <returns>The signature line.</returns>
    /// <exception cref="InvalidOperationException">The key is a log's.</exception>
    public NoteSignature Cosign(ReadOnlySpan<byte> text, DateTimeOffset at) => PublicKey.Type == NoteSignatureType.Cosignature
        ? new NoteSignature(PublicKey.Name, PublicKey.KeyId, Cosignature.Sign(key, text, at))
        : throw new InvalidOperationException("A log's key does not cosign: a cosignature would be taken for one of its checkpoints' signatures.");
}
