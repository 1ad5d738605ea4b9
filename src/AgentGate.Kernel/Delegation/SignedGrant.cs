using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;

namespace AgentGate.Kernel.Delegation;

/// <summary>A grant with its signature, in the one byte form that is hashed (docs/formats/delegation.md). Immutable and thread-safe.</summary>
public sealed class SignedGrant
{
    /// <summary>The version of the format.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The largest signed grant, in bytes.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>An Ed25519 signature (RFC 8032 §5.1.6), or one with P-256 as r ‖ s: 64 bytes either way.</summary>
    private const int SignatureLength = 64;

    private readonly byte[] _canonical;
    private readonly byte[] _signature;

    private SignedGrant(Grant grant, string keyId, byte[] signature, byte[] canonical)
        => (Grant, KeyId, _signature, _canonical) = (grant, keyId, signature, canonical);

    /// <summary>The grant.</summary>
    public Grant Grant { get; }

    /// <summary>The id of the key that signed it.</summary>
    public string KeyId { get; }

    /// <summary>The signature: 64 bytes.</summary>
    public ReadOnlyMemory<byte> Signature => _signature;

    /// <summary>The canonical bytes, signature and key id included: the fact of the grants tree.</summary>
    public ReadOnlyMemory<byte> Canonical => _canonical;

    /// <summary>What is signed: <c>agentgate/grant/v1</c>, a line feed, and the canonical bytes without <c>key_id</c> and <c>signature</c>.</summary>
    /// <exception cref="FormatException">The grant is not as the format says; the message names the member.</exception>
    public static byte[] SigningInput(Grant grant)
    {
        GrantRules.Check(grant);
        return [.. "agentgate/grant/v1\n"u8, .. GrantWriter.Write(grant, null, null)];
    }

    /// <summary>Signs a grant.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="keyId">The key's id.</param>
    /// <param name="sign">Signs the bytes of <see cref="SigningInput"/>; gives 64 bytes.</param>
    /// <exception cref="FormatException">The grant is not as the format says; the message names the member.</exception>
    public static SignedGrant Sign(Grant grant, string keyId, Func<byte[], byte[]> sign)
    {
        ArgumentNullException.ThrowIfNull(sign);
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        var signature = sign(SigningInput(grant));
        return signature.Length == SignatureLength
            ? new SignedGrant(grant, keyId, signature, GrantWriter.Write(grant, keyId, signature))
            : throw new CryptographicException("A grant's signature has 64 bytes.");
    }

    /// <summary>Reads a signed grant. Only the exact bytes the format writes are accepted. The signature is not verified.</summary>
    /// <exception cref="FormatException">The bytes are no signed grant of a version this build knows, or not in canonical form.</exception>
    public static SignedGrant Parse(ReadOnlySpan<byte> canonical)
        => TryParse(canonical, out var grant) ? grant : throw new FormatException("Not a signed grant of a known format.");

    /// <summary>Reads a signed grant; <see langword="false"/> where <see cref="Parse"/> throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> canonical, [NotNullWhen(true)] out SignedGrant? grant)
    {
        grant = null;
        if (canonical.Length > BytesMax)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(canonical.ToArray(), new JsonDocumentOptions { MaxDepth = 8 });
            var (read, keyId, signature) = GrantReader.Read(document.RootElement);
            GrantRules.Check(read);

            // Writing it again is the strictest check there is: unknown members, duplicates, order, spelling, white space.
            var again = GrantWriter.Write(read, keyId, signature);
            grant = signature.Length == SignatureLength && again.AsSpan().SequenceEqual(canonical)
                ? new SignedGrant(read, keyId, signature, again) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }

        return grant is not null;
    }

    /// <summary>Whether the signature is by the key it names.</summary>
    /// <param name="verify">Verifies: the key's id, the signed bytes, the signature. An unknown key gives <see langword="false"/>.</param>
    public bool IsSigned(Func<string, byte[], byte[], bool> verify)
    {
        ArgumentNullException.ThrowIfNull(verify);
        return verify(KeyId, SigningInput(Grant), [.. _signature]);
    }
}
