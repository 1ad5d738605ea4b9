using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Certificates;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Certificates;

/// <summary>
/// Encrypts evidence. A random 256-bit key per principal, wrapped under the server's master key; of it, by HKDF-SHA-256 (RFC 5869), a
/// key per decision, so that no key meets two nonces however many decisions a principal makes.
/// </summary>
/// <remarks>
/// AES-256-GCM (NIST SP 800-38D) with a fresh random 96-bit nonce. The associated data name tenant, principal and decision (for the
/// wrapped key: tenant, principal and key id), each with its length before it, so that a record that was changed, or moved to
/// another place, does not decrypt. Thread-safe.
/// </remarks>
internal sealed class EvidenceCipher(IEvidenceMasterKey master, IIdSource ids)
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    /// <summary>A new key for a principal.</summary>
    /// <returns>The key's id, the key, and the wrapped key to store.</returns>
    public (string KeyId, byte[] Key, byte[] Wrapped) Begin(string tenant, string principal)
    {
        var (keyId, key) = (ids.NewId(), new byte[KeyBytes]);
        ids.Fill(key);
        using var wrapping = Wrapping();
        return (keyId, key, Seal(wrapping, key, Data("agentgate evidence key v1", tenant, principal, keyId)));
    }

    /// <summary>A stored key.</summary>
    /// <exception cref="EvidenceException">It was changed, moved, or wrapped under another master key.</exception>
    public byte[] Unwrap(string tenant, string principal, string keyId, byte[] wrapped)
    {
        using var wrapping = Wrapping();
        return Unseal(wrapping, wrapped, Data("agentgate evidence key v1", tenant, principal, keyId));
    }

    /// <summary>Encrypts the evidence of one decision.</summary>
    public byte[] Encrypt(byte[] key, string tenant, string principal, string decisionId, ReadOnlySpan<byte> plain)
    {
        using var aes = Of(key, decisionId);
        return Seal(aes, plain, Data("agentgate evidence v1", tenant, principal, decisionId));
    }

    /// <summary>Decrypts it.</summary>
    /// <exception cref="EvidenceException">It was changed or moved.</exception>
    public static byte[] Decrypt(byte[] key, string tenant, string principal, string decisionId, byte[] box)
    {
        using var aes = Of(key, decisionId);
        return Unseal(aes, box, Data("agentgate evidence v1", tenant, principal, decisionId));
    }

    private static AesGcm Of(byte[] key, string decisionId)
    {
        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, key, derived, Encoding.UTF8.GetBytes("agentgate evidence v1 " + decisionId));
        return new AesGcm(derived, TagBytes);
    }

    private AesGcm Wrapping()
    {
        if (master.Key.Length != KeyBytes)
        {
            throw new EvidenceException("the master key must have 256 bits");
        }

        Span<byte> derived = stackalloc byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, master.Key.Span, derived, [], "agentgate evidence wrap v1"u8);
        return new AesGcm(derived, TagBytes);
    }

    private byte[] Seal(AesGcm aes, ReadOnlySpan<byte> plain, ReadOnlySpan<byte> data)
    {
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        ids.Fill(box.AsSpan(0, NonceBytes));
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), data);
        return box;
    }

    private static byte[] Unseal(AesGcm aes, byte[] box, ReadOnlySpan<byte> data)
    {
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new EvidenceException("a record is too short");
        }

        var plain = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, data);
            return plain;
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new EvidenceException("a record was changed, moved, or encrypted under another master key", fault);
        }
    }

    private static byte[] Data(params ReadOnlySpan<string> parts)
    {
        using var data = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            data.Write(length);
            data.Write(bytes);
        }

        return data.ToArray();
    }
}
