using System.Security.Cryptography;
using System.Text.Json;
using AgentGate.Kernel.Signing;

namespace AgentGate.Benchmarks.Vectors;

/// <summary>
/// Project Wycheproof's vectors for what AgentGate uses: Ed25519, ECDSA over P-256 with SHA-256 (P1363 and DER), HMAC-SHA-256 and
/// AES-GCM. <c>valid</c> must be accepted, <c>invalid</c> refused; <c>acceptable</c> may be either. A case the product or the platform has no
/// way to run is counted as skipped with the reason, not as passed.
/// </summary>
internal static class WycheproofVectors
{
    private delegate bool? Answer(JsonElement group, JsonElement test, out string? unsupported);

    public static bool TryRun(JsonElement root, string file, Func<string, SuiteTally> suite)
    {
        var taken = false;
        var algorithm = Text(root, "algorithm");
        foreach (var group in root.GetProperty("testGroups").EnumerateArray())
        {
            if (Select(algorithm, Text(group, "type"), group) is not var (name, answer))
            {
                continue;
            }

            taken = true;
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                Judge(suite($"wycheproof {name}"), file, group, test, answer);
            }
        }

        return taken;
    }

    private static (string Name, Answer Answer)? Select(string algorithm, string type, JsonElement group) => type switch
    {
        "EddsaVerify" when Text(PublicKey(group), "curve") is "edwards25519" or "Ed25519" or "" => ("ed25519", Ed25519),
        "EcdsaVerify" when algorithm is "ECDSA" => ("ecdsa", EcdsaDer),
        "EcdsaP1363Verify" when algorithm is "ECDSA" => ("ecdsa p1363", EcdsaP1363),
        "MacTest" when algorithm is "HMACSHA256" => ("hmac_sha256", HmacSha256),
        "AeadTest" when algorithm is "AES-GCM" => ("aes_gcm", Gcm),
        _ => null,
    };

    private static void Judge(SuiteTally tally, string file, JsonElement group, JsonElement test, Answer answer)
    {
        var expected = Text(test, "result");
        var accepted = answer(group, test, out var unsupported);

        // What cannot be run has been refused, and that is what an invalid case asks for.
        if (accepted is null && expected == "valid")
        {
            tally.Skip(unsupported ?? "not supported");
            return;
        }

        tally.Count(
            expected is "acceptable" || (accepted ?? false) == (expected == "valid"),
            () => $"{file}: tcId {test.GetProperty("tcId")} ({Text(test, "comment")}): expected {expected}, was {(accepted == true ? "accepted" : "refused")}");
    }

    private static bool? Ed25519(JsonElement group, JsonElement test, out string? unsupported)
    {
        unsupported = null;
        return VerificationKey.TryCreate(SignatureAlgorithm.Ed25519, Hex(PublicKey(group), "pk"), out var key)
            && key.Verify(Hex(test, "msg"), Hex(test, "sig"));
    }

    private static bool? EcdsaDer(JsonElement group, JsonElement test, out string? unsupported) =>
        EcdsaKey(group, out unsupported, out var key) ? key is not null && key.VerifyDer(Hex(test, "msg"), Hex(test, "sig")) : null;

    private static bool? EcdsaP1363(JsonElement group, JsonElement test, out string? unsupported) =>
        EcdsaKey(group, out unsupported, out var key) ? key is not null && key.Verify(Hex(test, "msg"), Hex(test, "sig")) : null;

    private static bool EcdsaKey(JsonElement group, out string? unsupported, out VerificationKey? key)
    {
        key = null;
        var (curve, sha) = (Text(PublicKey(group), "curve"), Text(group, "sha"));
        unsupported = curve is "secp256r1" or "P-256" && sha == "SHA-256" ? null : $"{curve} with {sha}: the product has P-256 with SHA-256 alone";
        if (unsupported is not null)
        {
            return false;
        }

        _ = VerificationKey.TryCreate(SignatureAlgorithm.EcdsaP256, Hex(PublicKey(group), "uncompressed"), out key);
        return true;
    }

    private static bool? HmacSha256(JsonElement group, JsonElement test, out string? unsupported)
    {
        unsupported = null;
        var tagLength = group.GetProperty("tagSize").GetInt32() / 8;
        var given = Hex(test, "tag");

        // The length is the group's: a tag that is cut further than agreed would be weaker than agreed.
        return tagLength is > 0 and <= HMACSHA256.HashSizeInBytes && given.Length == tagLength
            && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(Hex(test, "key"), Hex(test, "msg")).AsSpan(0, tagLength), given);
    }

    private static bool? Gcm(JsonElement group, JsonElement test, out string? unsupported)
    {
        var (key, iv, tag) = (Hex(test, "key"), Hex(test, "iv"), Hex(test, "tag"));
        var tagLength = group.GetProperty("tagSize").GetInt32() / 8;
        unsupported = (key.Length, iv.Length, tagLength) switch
        {
            (not (16 or 24 or 32), _, _) => $"AES has no keys of {key.Length * 8} bits",
            (_, not 12, _) => "the platform's AES-GCM has 96-bit IVs alone, and so has the product",
            (_, _, < 12 or > 16) => $"the platform's AES-GCM has no tags of {tagLength * 8} bits",
            _ => null,
        };
        if (unsupported is not null)
        {
            return null;
        }

        if (tag.Length != tagLength)
        {
            return false;
        }

        var (cipher, aad) = (Hex(test, "ct"), Hex(test, "aad"));
        var plain = new byte[cipher.Length];
        using var aes = new AesGcm(key, tagLength);
        try
        {
            aes.Decrypt(iv, cipher, tag, plain, aad);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        var (sealedBytes, sealedTag) = (new byte[plain.Length], new byte[tagLength]);
        aes.Encrypt(iv, plain, sealedBytes, sealedTag, aad);
        return plain.AsSpan().SequenceEqual(Hex(test, "msg")) && sealedBytes.AsSpan().SequenceEqual(cipher) && sealedTag.AsSpan().SequenceEqual(tag);
    }

    // Newer files call it publicKey, older ones key.
    private static JsonElement PublicKey(JsonElement group) => group.TryGetProperty("publicKey", out var key) || group.TryGetProperty("key", out key) ? key : group;

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static byte[] Hex(JsonElement element, string name) => Convert.FromHexString(Text(element, name));
}
