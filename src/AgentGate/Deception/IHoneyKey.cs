using System.Security.Cryptography;

namespace AgentGate.Deception;

/// <summary>Gives the key under which values of honey tokens are stored. Thread-safe.</summary>
internal interface IHoneyKey
{
    /// <summary>The 256-bit key. The same bytes each time.</summary>
    ReadOnlyMemory<byte> Key { get; }
}

/// <summary>A key that is given.</summary>
internal sealed class FixedHoneyKey(ReadOnlyMemory<byte> key) : IHoneyKey
{
    public ReadOnlyMemory<byte> Key { get; } = key;

    /// <summary>A key of its own, made from another secret (HKDF, RFC 5869), so that neither says anything about the other.</summary>
    public static FixedHoneyKey From(ReadOnlyMemory<byte> secret)
        => new(HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.ToArray(), 32, info: "agentgate/deception/v1"u8.ToArray()));
}
