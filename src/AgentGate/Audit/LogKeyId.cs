using System.Security.Cryptography;

namespace AgentGate.Audit;

/// <summary>Names a chain key by what it is, so that a changed key cannot keep its name.</summary>
internal static class LogKeyId
{
    /// <summary>The first 8 bytes of an HMAC of a fixed text under the key, in hex: tells nothing about the key.</summary>
    public static string Of(ReadOnlySpan<byte> secret)
        => "h" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, "agentgate log key id v1"u8).AsSpan(0, 8));
}
