using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Pipeline;

namespace AgentGate.Deception;

/// <summary>
/// Encrypts the values of honey tokens for the store: AES-256-GCM, bound to token and tenant. Whoever reads the store alone
/// learns no value, and cannot move one to another token.
/// </summary>
internal sealed class HoneyCipher(IHoneyKey key, IIdSource ids)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public byte[] Seal(string tenant, string id, string value)
    {
        var plain = Encoding.UTF8.GetBytes(value);
        var output = new byte[NonceLength + plain.Length + TagLength];
        ids.Fill(output.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key.Key.Span, TagLength);
        aes.Encrypt(
            output.AsSpan(0, NonceLength), plain, output.AsSpan(NonceLength, plain.Length), output.AsSpan(NonceLength + plain.Length), Bound(tenant, id));
        CryptographicOperations.ZeroMemory(plain);
        return output;
    }

    public bool TryOpen(string tenant, string id, byte[] box, [NotNullWhen(true)] out string? value)
    {
        value = null;
        if (box.Length < NonceLength + TagLength)
        {
            return false;
        }

        var plain = new byte[box.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key.Key.Span, TagLength);
        try
        {
            aes.Decrypt(box.AsSpan(0, NonceLength), box.AsSpan(NonceLength, plain.Length), box.AsSpan(NonceLength + plain.Length), plain, Bound(tenant, id));
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        value = Encoding.UTF8.GetString(plain);
        CryptographicOperations.ZeroMemory(plain);
        return true;
    }

    private static byte[] Bound(string tenant, string id) => Encoding.UTF8.GetBytes($"agentgate/honey/v1\n{id}\n{tenant}");
}
