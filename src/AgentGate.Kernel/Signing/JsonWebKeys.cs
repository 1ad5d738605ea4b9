using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace AgentGate.Kernel.Signing;

/// <summary>
/// Public keys as a JSON Web Key Set (RFC 7517): Ed25519 as <c>OKP</c> (RFC 8037, section 2), P-256 as <c>EC</c> (RFC 7518,
/// section 6.2.1), with what each may sign (docs/formats/bundle.md, "The keys"). Pure and thread-safe.
/// </summary>
public static class JsonWebKeys
{
    /// <summary>The most bytes a key set may have: 64 KiB.</summary>
    public const int LengthMax = 64 * 1024;

    /// <summary>The most keys a key set may have: 64.</summary>
    public const int KeysMax = 64;

    internal const string UsesMember = "agentgate";

    /// <summary>The words for uses, in the order they are written.</summary>
    internal static readonly (KeyUses Use, string Word)[] Words =
    [
        (KeyUses.Certificates, "certificates"), (KeyUses.Checkpoints, "checkpoints"), (KeyUses.Grants, "grants"), (KeyUses.Nodes, "nodes"),
    ];

    /// <summary>Writes a key set that says nothing about uses.</summary>
    /// <param name="keys">The keys, in the order they shall be listed.</param>
    /// <returns>UTF-8 JSON. Each key has <c>kid</c> (its id), <c>use</c> <c>sig</c> and <c>alg</c> <c>EdDSA</c> or <c>ES256</c>.</returns>
    public static byte[] Write(IEnumerable<VerificationKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return WritePublished(keys.Select(static key => new PublishedKey(key, KeyUses.None)));
    }

    /// <summary>Writes the key set of a server.</summary>
    /// <param name="keys">The keys, in the order they shall be listed.</param>
    /// <returns>UTF-8 JSON, as <see cref="Write"/>, with the uses of each key that has any.</returns>
    public static byte[] WritePublished(IEnumerable<PublishedKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("keys"u8);
            foreach (var key in keys)
            {
                WriteKey(writer, key);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads a key set, whatever its keys may sign. The same rules as <see cref="ReadPublished"/>.</summary>
    /// <param name="utf8Json">The document, at most <see cref="LengthMax"/> bytes.</param>
    /// <returns>The Ed25519 and P-256 keys, in order.</returns>
    /// <exception cref="KeyFormatException">The set breaks a rule.</exception>
    public static IReadOnlyList<VerificationKey> Read(ReadOnlyMemory<byte> utf8Json) => [.. ReadPublished(utf8Json).Select(static key => key.Key)];

    /// <summary>
    /// Reads a key set. Members this reader does not know are ignored, and so are keys of other types, as RFC 7517, section 5,
    /// asks; what it does know must be right, or no key of the set is used.
    /// </summary>
    /// <param name="utf8Json">The document, at most <see cref="LengthMax"/> bytes.</param>
    /// <returns>The Ed25519 and P-256 keys, in order, with their uses.</returns>
    /// <exception cref="KeyFormatException">
    /// The document is too long, not JSON, has a name twice or too many keys, or a key has a private part, a <c>kid</c> that is not
    /// the id of the key, another <c>use</c> or <c>alg</c>, uses that are not as documented, or is listed twice.
    /// </exception>
    public static IReadOnlyList<PublishedKey> ReadPublished(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Length > LengthMax)
        {
            throw new KeyFormatException($"A key set has at most {LengthMax} bytes; this one has {utf8Json.Length}.");
        }

        return JsonWebKeyReader.Read(utf8Json);
    }

    private static void WriteKey(Utf8JsonWriter writer, PublishedKey published)
    {
        var key = published.Key;
        var raw = key.PublicKey.Span;
        writer.WriteStartObject();
        if (key.Algorithm == SignatureAlgorithm.Ed25519)
        {
            writer.WriteString("kty"u8, "OKP"u8);
            writer.WriteString("crv"u8, "Ed25519"u8);
            writer.WriteString("x"u8, Base64Url.EncodeToString(raw));
        }
        else
        {
            writer.WriteString("kty"u8, "EC"u8);
            writer.WriteString("crv"u8, "P-256"u8);
            writer.WriteString("x"u8, Base64Url.EncodeToString(raw[1..33]));
            writer.WriteString("y"u8, Base64Url.EncodeToString(raw[33..]));
        }

        writer.WriteString("kid"u8, key.Id);
        writer.WriteString("use"u8, "sig"u8);
        writer.WriteString("alg"u8, key.Algorithm == SignatureAlgorithm.Ed25519 ? "EdDSA"u8 : "ES256"u8);
        if (published.Uses != KeyUses.None)
        {
            WriteUses(writer, published);
        }

        writer.WriteEndObject();
    }

    private static void WriteUses(Utf8JsonWriter writer, PublishedKey published)
    {
        writer.WriteStartObject(UsesMember);
        writer.WriteStartArray("role"u8);
        foreach (var (use, word) in Words)
        {
            if (published.Uses.HasFlag(use))
            {
                writer.WriteStringValue(word);
            }
        }

        writer.WriteEndArray();
        if (published.NoteName is { } name)
        {
            writer.WriteString("name"u8, name);
        }

        writer.WriteEndObject();
    }
}
