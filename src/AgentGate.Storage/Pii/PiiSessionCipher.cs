using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Pii.Vault;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Pii;

/// <summary>
/// The keys of one stored session and what they do. A random data key per session, wrapped under the master key; from it,
/// by HKDF-SHA-256 (RFC 5869), one key each to encrypt values, to find equal values and to bind raw content.
/// </summary>
/// <remarks>
/// AES-256-GCM (NIST SP 800-38D) with a fresh random 96-bit nonce each time. The associated data name format version,
/// tenant, session and token (for the data key: tenant, owner, name and session), each with its length before it, so that a
/// record that was changed, or moved to another place, does not decrypt. Not thread-safe.
/// </remarks>
internal sealed class PiiSessionCipher : IDisposable
{
    /// <summary>The version of every record written now.</summary>
    public const int Version = 1;

    /// <summary>What the pseudonym of a session's name begins with; a name a caller chose never does.</summary>
    public const string PseudonymPrefix = "mac:";

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int KeyBytes = 32;

    private readonly string _tenant;
    private readonly string _sessionId;
    private readonly byte[] _lookupKey;
    private readonly AesGcm _values;

    private PiiSessionCipher(string tenant, string sessionId, byte[] dataKey)
    {
        _tenant = tenant;
        _sessionId = sessionId;
        _lookupKey = Derive(dataKey, "agentgate pii lookup v1");
        BindingKey = Derive(dataKey, "agentgate pii raw binding v1");
        _values = new AesGcm(Derive(dataKey, "agentgate pii value v1"), TagBytes);
        CryptographicOperations.ZeroMemory(dataKey);
    }

    /// <summary>The session's key for binding raw content.</summary>
    public byte[] BindingKey { get; }

    /// <summary>A session's name as it is stored: HMAC-SHA-256 over tenant, owner and name under a key derived from the master key.</summary>
    public static string Pseudonym(PiiSessionKey session, IMasterKeySource master)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, master.MasterKey.ToArray(), KeyBytes, info: "agentgate pii session name v1"u8.ToArray());
        return PseudonymPrefix + Convert.ToHexStringLower(
            HMACSHA256.HashData(key, Data("agentgate pii session name", session.Tenant, session.Owner, session.Name)));
    }

    /// <summary>Keys for a session that begins now.</summary>
    /// <returns>The cipher and the wrapped key to store.</returns>
    public static (PiiSessionCipher Cipher, byte[] WrappedKey) Begin(PiiSessionKey session, string sessionId, IMasterKeySource master, IIdSource ids)
    {
        var dataKey = new byte[KeyBytes];
        ids.Fill(dataKey);
        using var wrapping = Wrapping(master);
        var wrapped = Seal(wrapping, dataKey, KeyData(session, sessionId), ids);
        return (new PiiSessionCipher(session.Tenant, sessionId, dataKey), wrapped);
    }

    /// <summary>The keys of a stored session.</summary>
    /// <exception cref="PiiVaultException">The wrapped key was changed, moved, or wrapped under another master key.</exception>
    public static PiiSessionCipher Open(PiiSessionKey session, string sessionId, int version, byte[] wrappedKey, IMasterKeySource master)
    {
        Check(version);
        using var wrapping = Wrapping(master);
        return new PiiSessionCipher(session.Tenant, sessionId, Unseal(wrapping, wrappedKey, KeyData(session, sessionId)));
    }

    /// <summary>What finds an equal value in this session, and means nothing in any other.</summary>
    public byte[] LookupOf(string text) => HMACSHA256.HashData(_lookupKey, Encoding.UTF8.GetBytes(text));

    /// <summary>Encrypts a value for the place of its token.</summary>
    public byte[] Encrypt(string token, string text, IIdSource ids)
        => Seal(_values, Encoding.UTF8.GetBytes(text), ValueData(token), ids);

    /// <summary>Decrypts the value at the place of a token.</summary>
    /// <exception cref="PiiVaultException">The record was changed or moved.</exception>
    public string Decrypt(string token, int version, byte[] ciphertext)
    {
        Check(version);
        return Encoding.UTF8.GetString(Unseal(_values, ciphertext, ValueData(token)));
    }

    public void Dispose() => _values.Dispose();

    private static AesGcm Wrapping(IMasterKeySource master)
        => master.MasterKey.Length == KeyBytes
            ? new AesGcm(HKDF.DeriveKey(HashAlgorithmName.SHA256, master.MasterKey.ToArray(), KeyBytes, info: "agentgate pii wrap v1"u8.ToArray()), TagBytes)
            : throw new PiiVaultException(Codes.PiiVaultIntegrity, "the master key must have 256 bits");

    private static byte[] Seal(AesGcm aes, byte[] plain, byte[] data, IIdSource ids)
    {
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        ids.Fill(box.AsSpan(0, NonceBytes));
        aes.Encrypt(box.AsSpan(0, NonceBytes), plain, box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), data);
        return box;
    }

    private static byte[] Unseal(AesGcm aes, byte[] box, byte[] data)
    {
        if (box.Length < NonceBytes + TagBytes)
        {
            throw new PiiVaultException(Codes.PiiVaultIntegrity, "a record is too short");
        }

        var plain = new byte[box.Length - NonceBytes - TagBytes];
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes, plain.Length), box.AsSpan(NonceBytes + plain.Length), plain, data);
            return plain;
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new PiiVaultException(Codes.PiiVaultIntegrity, "a record was changed, moved, or encrypted under another master key", fault);
        }
    }

    private static byte[] Derive(byte[] dataKey, string purpose)
        => HKDF.Expand(HashAlgorithmName.SHA256, dataKey, KeyBytes, Encoding.UTF8.GetBytes(purpose));

    private static void Check(int version)
    {
        if (version != Version)
        {
            throw new PiiVaultException(Codes.PiiVaultIntegrity, $"a record has format version {version}, this program knows {Version}");
        }
    }

    private static byte[] KeyData(PiiSessionKey session, string sessionId)
        => Data("agentgate pii session", session.Tenant, session.Owner, session.Name, sessionId);

    private byte[] ValueData(string token) => Data("agentgate pii value", _tenant, _sessionId, token);

    private static byte[] Data(params ReadOnlySpan<string> parts)
    {
        using var data = new MemoryStream();
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, Version);
        data.Write(number);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
            data.Write(number);
            data.Write(bytes);
        }

        return data.ToArray();
    }
}
