using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace AgentGate.Kernel.Signing;

/// <summary>
/// Public keys as a JSON Web Key Set (RFC 7517): Ed25519 as <c>OKP</c> (RFC 8037, section 2), P-256 as <c>EC</c> (RFC 7518,
/// section 6.2.1). Pure and thread-safe.
/// </summary>
public static class JsonWebKeys
{
    /// <summary>The most bytes a key set may have: 64 KiB.</summary>
    public const int LengthMax = 64 * 1024;

    /// <summary>The most keys a key set may have: 64.</summary>
    public const int KeysMax = 64;

    private const int MaxDepth = 8;

    /// <summary>Writes a key set.</summary>
    /// <param name="keys">The keys, in the order they shall be listed.</param>
    /// <returns>UTF-8 JSON. Each key has <c>kid</c> (its id), <c>use</c> <c>sig</c> and <c>alg</c> <c>EdDSA</c> or <c>ES256</c>.</returns>
    public static byte[] Write(IEnumerable<VerificationKey> keys)
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

    /// <summary>
    /// Reads a key set. Members this reader does not know are ignored, and so are keys of other types, as RFC 7517, section 5,
    /// asks; what it does know must be right.
    /// </summary>
    /// <param name="utf8Json">The document, at most <see cref="LengthMax"/> bytes.</param>
    /// <returns>The Ed25519 and P-256 keys, in order.</returns>
    /// <exception cref="KeyFormatException">
    /// The document is too long, not JSON, has a name twice or too many keys, or a key has a private part, a <c>kid</c> that is not
    /// the id of the key, a <c>use</c> or <c>alg</c> that does not fit, or is listed twice.
    /// </exception>
    public static IReadOnlyList<VerificationKey> Read(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Length > LengthMax)
        {
            throw new KeyFormatException($"A key set has at most {LengthMax} bytes; this one has {utf8Json.Length}.");
        }

        try
        {
            using var document = JsonDocument.Parse(utf8Json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return ReadSet(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new KeyFormatException("The key set is not valid JSON, or has a member twice.", exception);
        }
        catch (InvalidOperationException exception)
        {
            // A string that is not valid UTF-16 when unescaped.
            throw new KeyFormatException("The key set has a string with a lone surrogate.", exception);
        }
    }

    private static List<VerificationKey> ReadSet(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys"u8, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new KeyFormatException("The key set has no array named 'keys'.");
        }

        if (list.GetArrayLength() > KeysMax)
        {
            throw new KeyFormatException($"A key set has at most {KeysMax} keys; this one has {list.GetArrayLength()}.");
        }

        var keys = new List<VerificationKey>();
        var position = 0;
        foreach (var element in list.EnumerateArray())
        {
            if (ReadKey(element, position++) is { } key)
            {
                if (keys.Contains(key))
                {
                    throw new KeyFormatException($"keys[{position - 1}]: the key {key.Id} is listed twice.");
                }

                keys.Add(key);
            }
        }

        return keys;
    }

    private static VerificationKey? ReadKey(JsonElement element, int position)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new KeyFormatException($"keys[{position}] is not an object.");
        }

        var type = Text(element, "kty", position) ?? throw new KeyFormatException($"keys[{position}]: 'kty' is missing.");
        var (algorithm, curve, names) = type switch
        {
            "OKP" => (SignatureAlgorithm.Ed25519, "Ed25519", "EdDSA Ed25519"),
            "EC" => (SignatureAlgorithm.EcdsaP256, "P-256", "ES256"),
            _ => (default, "", ""),
        };
        if (algorithm == default || Text(element, "crv", position) != curve)
        {
            return null;
        }

        if (element.TryGetProperty("d"u8, out _))
        {
            throw new KeyFormatException($"keys[{position}] has a private part ('d'). It is no longer secret: replace the key.");
        }

        Require(Text(element, "use", position), "sig", "use", position);
        Require(Text(element, "alg", position), names, "alg", position);

        byte[] raw = algorithm == SignatureAlgorithm.Ed25519
            ? Bytes(element, "x", position)
            : [4, .. Bytes(element, "x", position), .. Bytes(element, "y", position)];
        if (!VerificationKey.TryCreate(algorithm, raw, out var key))
        {
            throw new KeyFormatException($"keys[{position}] is not a public key of {algorithm.Name()}.");
        }

        return Text(element, "kid", position) is { } id && id != key.Id
            ? throw new KeyFormatException($"keys[{position}]: 'kid' is not the id of the key, {key.Id}.")
            : key;
    }

    private static void Require(string? value, string allowed, string name, int position)
    {
        if (value is not null && !allowed.Split(' ').Contains(value))
        {
            throw new KeyFormatException($"keys[{position}]: '{name}' must be {allowed.Replace(" ", " or ", StringComparison.Ordinal)}.");
        }
    }

    private static string? Text(JsonElement element, string name, int position)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : throw new KeyFormatException($"keys[{position}]: '{name}' is not a string.");
    }

    private static byte[] Bytes(JsonElement element, string name, int position)
    {
        // Both curves have coordinates of 32 bytes: 43 characters without padding (RFC 7518, section 6.2.1.2).
        const int Length = 32;
        var text = Text(element, name, position);
        var bytes = new byte[Length];
        if (text is { Length: 43 } && Base64Url.DecodeFromChars(text, bytes, out _, out var written) == OperationStatus.Done && written == Length
            && Base64Url.EncodeToString(bytes) == text)
        {
            return bytes;
        }

        throw new KeyFormatException($"keys[{position}]: '{name}' is not 32 bytes in base64url without padding.");
    }

    private static void WriteKey(Utf8JsonWriter writer, VerificationKey key)
    {
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
        writer.WriteEndObject();
    }
}
