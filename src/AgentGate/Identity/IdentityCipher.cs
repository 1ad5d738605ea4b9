using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Pipeline;

namespace AgentGate.Identity;

/// <summary>
/// Encrypts what is personal about users, and makes digests by which it is found again. AES-256-GCM (NIST SP 800-38D) with a fresh random
/// 96-bit nonce; the associated data name what it is and whose, so that a value that was moved elsewhere does not decrypt. Digests are
/// HMAC-SHA-256 under a key of their own: without it nobody can try addresses.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class IdentityCipher(IIdentityKey key, IIdSource ids)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _sealing = HKDF.Expand(HashAlgorithmName.SHA256, key.Key.ToArray(), 32, "agentgate/identity/seal/v1"u8.ToArray());
    private readonly byte[] _finding = HKDF.Expand(HashAlgorithmName.SHA256, key.Key.ToArray(), 32, "agentgate/identity/find/v1"u8.ToArray());

    /// <summary>Encrypts.</summary>
    /// <param name="what">What it is, a constant.</param>
    /// <param name="whose">Whose.</param>
    /// <param name="plain">The value.</param>
    public byte[] Seal(string what, string whose, ReadOnlySpan<byte> plain)
    {
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        ids.Fill(box.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_sealing, TagBytes);
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), Data(what, whose));
        return box;
    }

    /// <summary>Encrypts a text.</summary>
    public byte[] SealText(string what, string whose, string text) => Seal(what, whose, Encoding.UTF8.GetBytes(text));

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It was changed, moved, or encrypted under another key.</exception>
    public byte[] Open(string what, string whose, ReadOnlySpan<byte> box)
    {
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new CryptographicException($"A stored {what} is too short.");
        }

        var plain = new byte[box.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_sealing, TagBytes);
        aes.Decrypt(box[..NonceBytes], box[NonceBytes..^TagBytes], box[^TagBytes..], plain, Data(what, whose));
        return plain;
    }

    /// <summary>Decrypts a text.</summary>
    /// <exception cref="CryptographicException">It was changed, moved, or encrypted under another key.</exception>
    public string OpenText(string what, string whose, ReadOnlySpan<byte> box) => Encoding.UTF8.GetString(Open(what, whose, box));

    /// <summary>The lower-case hex digest by which a value is found.</summary>
    public string Digest(string what, string value)
        => Convert.ToHexStringLower(HMACSHA256.HashData(_finding, Data(what, value)));

    private static byte[] Data(string what, string whose)
    {
        var (first, second) = (Encoding.UTF8.GetBytes(what), Encoding.UTF8.GetBytes(whose));
        var data = new byte[4 + first.Length + second.Length];
        BinaryPrimitives.WriteInt32BigEndian(data, first.Length);
        first.CopyTo(data, 4);
        second.CopyTo(data, 4 + first.Length);
        return data;
    }
}
