using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// The statement by which one key names its successor (docs/formats/log.md, "Keys that change"). Immutable. For a signing key it is
/// signed by the old one; for a chain key the entry's own chain value is what vouches for it.
/// </summary>
/// <param name="Role">Which key.</param>
/// <param name="Old">The id of the key that ends.</param>
/// <param name="New">The id of the key that follows.</param>
/// <param name="At">When (UTC), to the millisecond.</param>
/// <param name="NewKey">The new public key of a signing key; <see langword="null"/> for a chain key.</param>
/// <param name="Signature">The old signing key's signature: 64 bytes; empty for a chain key.</param>
public sealed record KeyRotation(
    LogKeyRole Role, string Old, string New, DateTimeOffset At, VerificationKey? NewKey, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The action of the entry that carries a rotation.</summary>
    public const string Action = "key.rotate";

    /// <summary>The longest statement that is read: 4,096 characters.</summary>
    public const int LengthMax = 4096;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Says that the chain key changes.</summary>
    /// <param name="old">The id of the key that ends.</param>
    /// <param name="next">The id of the key that follows.</param>
    /// <param name="at">When.</param>
    public static KeyRotation OfChain(string old, string next, DateTimeOffset at) => new(LogKeyRole.Chain, old, next, Whole(at), null, default);

    /// <summary>Says, signed by the old key, that the signing key changes.</summary>
    /// <param name="old">The key that ends.</param>
    /// <param name="next">The key that follows.</param>
    /// <param name="at">When.</param>
    public static KeyRotation OfSigning(SigningKey old, VerificationKey next, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(old);
        ArgumentNullException.ThrowIfNull(next);
        var unsigned = new KeyRotation(LogKeyRole.Signing, old.Id, next.Id, Whole(at), next, default);
        return unsigned with { Signature = old.Sign(SigningDomains.KeyRotation, unsigned.Signed()) };
    }

    /// <summary>The statement as an entry carries it.</summary>
    /// <returns>Canonical JSON.</returns>
    public string ToText() => Encoding.UTF8.GetString(Write(withSignature: true));

    /// <summary>Whether the old key made this statement.</summary>
    /// <param name="old">The old signing key.</param>
    /// <returns>Whether the statement is about this key and signed by it.</returns>
    public bool IsSignedBy(VerificationKey old)
    {
        ArgumentNullException.ThrowIfNull(old);
        return Role == LogKeyRole.Signing && old.Id == Old && old.Verify(SigningDomains.KeyRotation, Signed(), Signature.Span);
    }

    /// <summary>Reads a statement. Only the exact bytes <see cref="ToText"/> writes are accepted.</summary>
    /// <param name="text">The text, or <see langword="null"/> where the entry has none.</param>
    /// <param name="rotation">The statement; no signature is checked.</param>
    /// <param name="error">What is wrong with it.</param>
    /// <returns>Whether it is a rotation.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KeyRotation? rotation, [NotNullWhen(false)] out string? error)
    {
        rotation = null;
        error = "The entry has no statement, or one that is too long.";
        if (text is null or { Length: 0 or > LengthMax })
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var read = Read(document.RootElement);
            error = read.ToText() == text ? null : "The statement is not canonical, or has members nobody knows.";
            rotation = error is null ? read : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            error = "The statement is not a key's rotation of version 1.";
        }

        return rotation is not null;
    }

    private static KeyRotation Read(JsonElement json)
    {
        var role = json.GetProperty("role").GetString() switch
        {
            "chain" => LogKeyRole.Chain,
            "signing" => LogKeyRole.Signing,
            _ => throw new FormatException("Unknown role."),
        };
        if (json.GetProperty("version").GetInt32() != 1)
        {
            throw new FormatException("Unknown version.");
        }

        var next = json.GetProperty("new").GetString()!;
        var at = DateTimeOffset.ParseExact(
            json.GetProperty("at").GetString()!, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        var old = json.GetProperty("old").GetString()!;
        if (role == LogKeyRole.Chain)
        {
            return new KeyRotation(role, old, next, at, null, default);
        }

        var set = Encoding.UTF8.GetBytes($"{{\"keys\":[{json.GetProperty("jwk").GetRawText()}]}}");
        var key = JsonWebKeys.Read(set).SingleOrDefault() ?? throw new FormatException("Unknown type of key.");
        return key.Id == next
            ? new KeyRotation(role, old, next, at, key, Convert.FromBase64String(json.GetProperty("signature").GetString()!))
            : throw new FormatException("The key is another than the one named.");
    }

    private static DateTimeOffset Whole(DateTimeOffset at) => at.ToUniversalTime().AddTicks(-(at.Ticks % TimeSpan.TicksPerMillisecond));

    private byte[] Signed() => Write(withSignature: false);

    private byte[] Write(bool withSignature)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("at"u8, At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
            if (NewKey is not null)
            {
                json.WritePropertyName("jwk"u8);
                using var set = JsonDocument.Parse(JsonWebKeys.Write([NewKey]));
                set.RootElement.GetProperty("keys"u8)[0].WriteTo(json);
            }

            json.WriteString("new"u8, New);
            json.WriteString("old"u8, Old);
            json.WriteString("role"u8, Role == LogKeyRole.Chain ? "chain"u8 : "signing"u8);
            if (withSignature && !Signature.IsEmpty)
            {
                json.WriteString("signature"u8, Convert.ToBase64String(Signature.Span));
            }

            json.WriteNumber("version"u8, 1);
            json.WriteEndObject();
        }

        return CanonicalJson.Canonicalize(buffer.ToArray());
    }
}
