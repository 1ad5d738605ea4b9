using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Pipeline;

namespace AgentGate.Server.Identity;

/// <summary>Secrets of cookies, refresh tokens and one-time links: 32 random bytes in base64url. Only digests of them are kept.</summary>
internal static class IdentitySecrets
{
    private const int Length = 43;

    /// <summary>A new secret.</summary>
    public static string Create(IIdSource ids)
    {
        Span<byte> random = stackalloc byte[32];
        ids.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    /// <summary>Whether a text can be such a secret: nothing else is looked up.</summary>
    public static bool IsOne(string? text) => text is { Length: Length } && Base64Url.IsValid(text);

    /// <summary>The lower-case hex SHA-256 of a secret. A plain hash is right: there is nothing to guess in 256 random bits.</summary>
    public static string DigestOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>
    /// What a page of the session proves to be by: derived from the cookie's secret, so that it ends with it and nothing has to be kept. Another
    /// site can neither read nor guess it.
    /// </summary>
    public static string CsrfTokenOf(string cookieSecret)
        => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookieSecret), "agentgate csrf v1"u8));

    /// <summary>Compares in a time that does not depend on where they differ.</summary>
    public static bool Same(string one, string other)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
