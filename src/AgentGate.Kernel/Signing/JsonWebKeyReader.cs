using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace AgentGate.Kernel.Signing;

/// <summary>Reads key sets strictly. Thread-safe.</summary>
internal static class JsonWebKeyReader
{
    private const int MaxDepth = 8;

    public static IReadOnlyList<PublishedKey> Read(ReadOnlyMemory<byte> utf8Json)
    {
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

    private static List<PublishedKey> ReadSet(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("keys"u8, out var list) || list.ValueKind != JsonValueKind.Array)
        {
            throw new KeyFormatException("The key set has no array named 'keys'.");
        }

        if (list.GetArrayLength() > JsonWebKeys.KeysMax)
        {
            throw new KeyFormatException($"A key set has at most {JsonWebKeys.KeysMax} keys; this one has {list.GetArrayLength()}.");
        }

        var keys = new List<PublishedKey>();
        var position = 0;
        foreach (var element in list.EnumerateArray())
        {
            if (ReadKey(element, position) is { } key)
            {
                if (keys.Exists(other => other.Key.Id == key.Key.Id))
                {
                    throw new KeyFormatException($"keys[{position}]: the key {key.Key.Id} is listed twice.");
                }

                keys.Add(key);
            }

            position++;
        }

        return keys;
    }

    private static PublishedKey? ReadKey(JsonElement element, int position)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new KeyFormatException($"keys[{position}] is not an object.");
        }

        var type = Text(element, "kty", position) ?? throw new KeyFormatException($"keys[{position}]: 'kty' is missing.");
        var (algorithm, curve, name) = type switch
        {
            "OKP" => (SignatureAlgorithm.Ed25519, "Ed25519", "EdDSA"),
            "EC" => (SignatureAlgorithm.EcdsaP256, "P-256", "ES256"),
            _ => (default, "", ""),
        };
        if (algorithm == default || !element.TryGetProperty("crv"u8, out var crv) || crv.ValueKind != JsonValueKind.String || !crv.ValueEquals(curve))
        {
            return null;
        }

        if (element.TryGetProperty("d"u8, out _))
        {
            throw new KeyFormatException($"keys[{position}] has a private part ('d'). It is no longer secret: replace the key.");
        }

        Require(element, "use", "sig", position);
        Require(element, "alg", name, position);
        byte[] raw = algorithm == SignatureAlgorithm.Ed25519
            ? Bytes(element, "x", position)
            : [4, .. Bytes(element, "x", position), .. Bytes(element, "y", position)];
        if (!VerificationKey.TryCreate(algorithm, raw, out var key))
        {
            throw new KeyFormatException($"keys[{position}] is not a public key of {algorithm.Name()}.");
        }

        Require(element, "kid", key.Id, position);
        return element.TryGetProperty(JsonWebKeys.UsesMember, out var uses) ? ReadUses(key, uses, position) : new PublishedKey(key, KeyUses.None);
    }

    private static PublishedKey ReadUses(VerificationKey key, JsonElement element, int position)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("role"u8, out var roles) || roles.ValueKind != JsonValueKind.Array)
        {
            throw new KeyFormatException($"keys[{position}]: '{JsonWebKeys.UsesMember}' has an array named 'role'.");
        }

        var uses = KeyUses.None;
        foreach (var role in roles.EnumerateArray())
        {
            if (role.ValueKind != JsonValueKind.String)
            {
                throw new KeyFormatException($"keys[{position}]: a role is a string.");
            }

            // A role that is not known here allows nothing.
            uses |= JsonWebKeys.Words.FirstOrDefault(known => known.Word == role.GetString()).Use;
        }

        var name = Text(element, "name", position);
        return uses.HasFlag(KeyUses.Checkpoints) && (name is null || !Transparency.NoteText.IsKeyName(name))
            ? throw new KeyFormatException($"keys[{position}]: a key for checkpoints has a 'name' that can stand in a note.")
            : new PublishedKey(key, uses, name);
    }

    private static void Require(JsonElement element, string name, string expected, int position)
    {
        if (Text(element, name, position) != expected)
        {
            throw new KeyFormatException($"keys[{position}]: '{name}' must be '{expected}'.");
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
}
