using System.Buffers;
using System.Security.Cryptography;

namespace AgentGate.Kernel.Canonical;

/// <summary>Hashes as the formats spell them: SHA-256 (FIPS 180-4) in lower-case hexadecimal.</summary>
internal static class CanonicalHash
{
    /// <summary>How many characters a hash has.</summary>
    public const int Length = 64;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static string Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Whether a text is lower-case hexadecimal of a length.</summary>
    public static bool IsHex(string text, int length) => text.Length == length && !text.AsSpan().ContainsAnyExcept(Digits);
}
