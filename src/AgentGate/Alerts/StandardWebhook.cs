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

    private const int SecretsMax = 3;

    /// <summary>Whether a text is a secret of the scheme, or a few of them divided by spaces.</summary>
    public static bool AreSecrets(string? text)
        => text is not null && Divide(text) is { Length: > 0 and <= SecretsMax } secrets && secrets.All(static one => TryRead(one, out _)) && secrets.Distinct(StringComparer.Ordinal).Count() == secrets.Length;

    /// <summary>The signatures of a message, one under each secret, divided by spaces as the scheme has them: a receiver takes it by any of them.</summary>
    /// <param name="secrets">The secrets, as <see cref="AreSecrets"/> takes them.</param>
    /// <param name="id">The id of the message.</param>
    /// <param name="at">When it is sent.</param>
    /// <param name="body">The body, byte for byte.</param>
    public static string SignAll(string secrets, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var signatures = new List<string>();
        foreach (var secret in Divide(secrets))
        {
            signatures.Add(Sign(secret, id, at, body));
        }

        return string.Join(' ', signatures);
    }

    /// <summary>The signature of a message.</summary>
    /// <param name="secret">One secret.</param>
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

    private static string[] Divide(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

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
