using System.Security.Cryptography;

namespace AgentGate.Identity;

/// <summary>A key that is given.</summary>
internal sealed class FixedIdentityKey(ReadOnlyMemory<byte> key) : IIdentityKey
{
    public ReadOnlyMemory<byte> Key { get; } = key;

    /// <summary>A key of its own, made from another secret (HKDF, RFC 5869), so that neither says anything about the other.</summary>
    public static FixedIdentityKey From(ReadOnlyMemory<byte> secret)
        => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), 32, info: "agentgate/identity/v1"u8.ToArray()));
}
