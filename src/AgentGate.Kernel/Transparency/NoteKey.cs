using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// A named public key that signs notes, in text a C2SP verifier key (<i>vkey</i>): name, id in hexadecimal, and base64 of the signature
/// type and the public key, joined by plus signs. Immutable and thread-safe.
/// </summary>
public sealed class NoteKey
{
    /// <summary>The longest vkey that is read: 1,024 characters.</summary>
    public const int LengthMax = 1024;

    private const int P256SpkiLength = 91;

    private readonly byte[] _encoded;

    private NoteKey(string name, NoteSignatureType type, VerificationKey key)
    {
        (Name, Type, Key) = (name, type, key);
        _encoded = type == NoteSignatureType.EcdsaP256 ? key.ExportSubjectPublicKeyInfo() : key.PublicKey.ToArray();
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];

        // Sigstore's ECDSA key ids hash the key alone; the others bind name and type (signed-note, "Signatures" and "Signature types").
        SHA256.HashData(
            type == NoteSignatureType.EcdsaP256 ? _encoded : [.. NoteText.StrictUtf8.GetBytes(name), (byte)'\n', (byte)type, .. _encoded],
            digest);
        KeyId = BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

    /// <summary>The name in signature lines: for a log its origin, for a witness its own name.</summary>
    public string Name { get; }

    /// <summary>The 32-bit id in signature lines.</summary>
    public uint KeyId { get; }

    /// <summary>What its signatures say.</summary>
    public NoteSignatureType Type { get; }

    /// <summary>The public key.</summary>
    public VerificationKey Key { get; }

    /// <summary>The key a log signs its checkpoints with: type 0x01 for Ed25519, 0x02 for P-256.</summary>
    /// <param name="name">The key's name, which should be the log's origin. No white space, no plus.</param>
    /// <param name="key">The public key.</param>
    /// <returns>The named key.</returns>
    /// <exception cref="NoteFormatException">The name cannot stand in a signature line.</exception>
    public static NoteKey ForLog(string name, VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Create(name, key.Algorithm == SignatureAlgorithm.Ed25519 ? NoteSignatureType.Ed25519 : NoteSignatureType.EcdsaP256, key);
    }

    /// <summary>The key a witness cosigns with: type 0x04.</summary>
    /// <param name="name">The witness's name. No white space, no plus.</param>
    /// <param name="key">An Ed25519 public key, used for nothing else.</param>
    /// <returns>The named key.</returns>
    /// <exception cref="NoteFormatException">The name cannot stand in a signature line, or the key is not an Ed25519 key.</exception>
    public static NoteKey ForWitness(string name, VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Algorithm == SignatureAlgorithm.Ed25519
            ? Create(name, NoteSignatureType.Cosignature, key)
            : throw new NoteFormatException("Cosignatures of version 1 are Ed25519 signatures; a witness has an Ed25519 key.");
    }

    /// <summary>Reads a vkey.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The key.</returns>
    /// <exception cref="NoteFormatException">The text is not a vkey of a known type, or its id does not fit.</exception>
    public static NoteKey Parse(string text) => TryParse(text, out var key, out var error) ? key : throw new NoteFormatException(error);

    /// <summary>Reads a vkey.</summary>
    /// <param name="text">The text.</param>
    /// <param name="key">The key.</param>
    /// <param name="error">Which rule is broken.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out NoteKey? key, [NotNullWhen(false)] out string? error)
    {
        key = null;
        error = text is null or { Length: > LengthMax } ? $"A verifier key is text of at most {LengthMax} characters." : Read(text, ref key);
        return error is null;
    }

    /// <summary>The vkey.</summary>
    /// <returns>Name, id and key, joined by plus signs.</returns>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name}+{KeyId:x8}+{Convert.ToBase64String([(byte)Type, .. _encoded])}");

    /// <summary>Whether a signature line names this key. That proves nothing yet.</summary>
    /// <param name="signature">The line.</param>
    /// <returns>Whether name and id are the same.</returns>
    public bool Matches(NoteSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        return signature.KeyId == KeyId && string.Equals(signature.Name, Name, StringComparison.Ordinal);
    }

    /// <summary>Checks a signature over a note's text.</summary>
    /// <param name="text">The text, with its last line feed.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="at">When a witness made it; <see langword="null"/> for a log's signature.</param>
    /// <returns>Whether it names this key and this key made it.</returns>
    public bool Verify(ReadOnlySpan<byte> text, NoteSignature signature, out DateTimeOffset? at)
    {
        at = null;
        if (!Matches(signature))
        {
            return false;
        }

        switch (Type)
        {
            case NoteSignatureType.Ed25519:
                return Key.Verify(text, signature.Signature.Span);
            case NoteSignatureType.EcdsaP256:
                return Key.VerifyDer(text, signature.Signature.Span);
            default:
                var cosigned = Cosignature.Verify(Key, text, signature.Signature.Span, out var time);
                at = cosigned ? time : null;
                return cosigned;
        }
    }

    private static NoteKey Create(string name, NoteSignatureType type, VerificationKey key)
    {
        ArgumentNullException.ThrowIfNull(name);
        return NoteText.IsKeyName(name)
            ? new NoteKey(name, type, key)
            : throw new NoteFormatException("The name of a note's key is not empty and has no white space, plus sign or control character.");
    }

    private static string? Read(string text, ref NoteKey? key)
    {
        // Base64 may contain plus signs, a name may not.
        var parts = text.Split('+', 3);
        if (parts.Length != 3 || !NoteText.IsKeyName(parts[0]))
        {
            return "A verifier key is a name, 8 hexadecimal digits and base64, joined by plus signs.";
        }

        if (parts[1].Length != 8 || !parts[1].All(char.IsAsciiHexDigitLower)
            || !NoteText.TryBase64(parts[2], out var bytes) || bytes.Length < 2)
        {
            return "After its name a verifier key has 8 lower-case hexadecimal digits and base64 with padding.";
        }

        var type = (NoteSignatureType)bytes[0];
        VerificationKey? publicKey = null;
        var known = type switch
        {
            NoteSignatureType.Ed25519 or NoteSignatureType.Cosignature => VerificationKey.TryCreate(SignatureAlgorithm.Ed25519, bytes.AsSpan(1), out publicKey),
            NoteSignatureType.EcdsaP256 => bytes.Length == 1 + P256SpkiLength
                && VerificationKey.TryCreate(SignatureAlgorithm.EcdsaP256, bytes.AsSpan(^VerificationKey.P256Length), out publicKey)
                && publicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(bytes.AsSpan(1)),
            _ => false,
        };
        if (!known)
        {
            return $"The key is not a public key of a known type; type 0x{bytes[0]:x2} is given, 0x01, 0x02 and 0x04 are known.";
        }

        var read = new NoteKey(parts[0], type, publicKey!);
        if (read.KeyId.ToString("x8", CultureInfo.InvariantCulture) != parts[1])
        {
            return $"The id of this key is {read.KeyId:x8}, not {parts[1]}: name, type or key was changed.";
        }

        key = read;
        return null;
    }
}
