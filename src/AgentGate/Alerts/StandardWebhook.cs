using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentGate.Alerts;

/// <summary>Signs what is sent as Standard Webhooks says (https://www.standardwebhooks.com, symmetric scheme v1).</summary>
internal static class StandardWebhook
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const int SecretBytesMin = 24;
    private const int SecretBytesMax = 64;

    /// <summary>Whether a text is a secret of the scheme.</summary>
    public static bool IsSecret(string? text) => text is not null && TryRead(text, out _);

    /// <summary>The signature of a message.</summary>
    /// <param name="secret">The secret, as <see cref="IsSecret"/> takes it.</param>
    /// <param name="id">The id of the message.</param>
    /// <param name="at">When it is sent.</param>
    /// <param name="body">The body, byte for byte.</param>
    public static string Sign(string secret, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        if (!TryRead(secret, out var key))
        {
            throw new ArgumentException("The secret is not of the scheme.", nameof(secret));
        }

        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}."));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(head);
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    private static bool TryRead(string text, out byte[] key)
    {
        key = [];
        if (!text.StartsWith(SecretPrefix, StringComparison.Ordinal) || text.Length > 128)
        {
            return false;
        }

        var buffer = new byte[128];
        if (!Convert.TryFromBase64String(text[SecretPrefix.Length..], buffer, out var length) || length is < SecretBytesMin or > SecretBytesMax)
        {
            return false;
        }

        key = buffer[..length];
        return true;
    }
}
