using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Delegation;

/// <summary>A grant with its signature, in the one byte form that is hashed (docs/formats/delegation.md). Immutable and thread-safe.</summary>
public sealed class SignedGrant
{
    /// <summary>The version of the format.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The largest signed grant, in bytes.</summary>
    public const int BytesMax = 1024 * 1024;

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
    public static byte[] SigningInput(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return [.. SigningDomains.Grant, .. GrantWriter.Write(grant, null, null)];
    }

    /// <summary>Signs a grant.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="key">The key.</param>
    /// <exception cref="FormatException">It is no grant that may be issued (<see cref="GrantRules.Fault"/>); the message names the member.</exception>
    public static SignedGrant Sign(Grant grant, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (GrantRules.Fault(grant) is var (member, problem))
        {
            throw new FormatException($"`{member}` of a grant {problem}.");
        }

        var signature = key.Sign(SigningInput(grant));
        return new SignedGrant(grant, key.Id, signature, GrantWriter.Write(grant, key.Id, signature));
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

            // Writing it again is the strictest check there is: unknown members, duplicates, order, spelling, white space.
            var again = GrantWriter.Write(read, keyId, signature);
            grant = GrantRules.FormatFault(read) is null && signature.Length == VerificationKey.SignatureLength && again.AsSpan().SequenceEqual(canonical)
                ? new SignedGrant(read, keyId, signature, again) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }

        return grant is not null;
    }

    /// <summary>Whether the signature is by the key it names.</summary>
    /// <param name="key">The key of id <see cref="KeyId"/>, or <see langword="null"/> where it is not known: then it is not.</param>
    public bool IsSignedBy(VerificationKey? key)
        => key is not null && key.Id == KeyId && key.Verify(SigningInput(Grant), _signature);
}
