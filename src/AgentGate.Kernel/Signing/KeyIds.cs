using System.Security.Cryptography;
using System.Text;

namespace AgentGate.Kernel.Signing;

/// <summary>Derives key ids.</summary>
internal static class KeyIds
{
    /// <summary>
    /// <c>k</c> and the first 16 hexadecimal digits of SHA-256 over <c>agentgate-key-v1 LF algorithm LF public key</c>: the
    /// same bytes under another algorithm are another key.
    /// </summary>
    public static string Derive(SignatureAlgorithm algorithm, ReadOnlySpan<byte> publicKey)
    {
        var prefix = Encoding.ASCII.GetBytes($"agentgate-key-v1\n{(algorithm == SignatureAlgorithm.Ed25519 ? "Ed25519" : "ES256")}\n");
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. prefix, .. publicKey], digest);
        return $"k{Convert.ToHexStringLower(digest[..8])}";
    }
}
