using System.Text.Json;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Benchmarks.Vectors;

/// <summary>The proofs published with <c>github.com/transparency-dev/merkle</c>; which of the four kinds one is, its members say.</summary>
internal static class MerkleVectors
{
    public static bool TryRun(JsonElement vector, string file, Func<string, SuiteTally> suite)
    {
        if (Kind(vector) is not var (kind, verify))
        {
            return false;
        }

        var wantError = vector.TryGetProperty("wantErr", out var want) && want.ValueKind == JsonValueKind.True;
        var accepted = verify(vector);
        suite($"merkle {kind}").Count(
            accepted != wantError,
            () => $"{file}: {Description(vector)}: expected {(wantError ? "refused" : "accepted")}, was {(accepted ? "accepted" : "refused")}");
        return true;
    }

    private static (string Kind, Func<JsonElement, bool> Verify)? Kind(JsonElement vector)
    {
        bool Has(params string[] names) => names.All(name => vector.TryGetProperty(name, out _));
        return vector switch
        {
            _ when Has("leafIdx", "treeSize") => ("inclusion", Inclusion),
            _ when Has("leafIdx", "start", "end") => ("subtreeinclusion", SubtreeInclusion),
            _ when Has("size1", "size2") => ("consistency", Consistency),
            _ when Has("start", "end", "size") => ("subtreeconsistency", SubtreeConsistency),
            _ => null,
        };
    }

    private static bool Inclusion(JsonElement vector) =>
        Number(vector, "leafIdx", out var index) && Number(vector, "treeSize", out var size) && Proof(vector, out var path)
        && MerkleProof.VerifyInclusion(Hash(vector, "leafHash"), index, size, path, Hash(vector, "root"));

    private static bool SubtreeInclusion(JsonElement vector) =>
        Number(vector, "leafIdx", out var index) && Number(vector, "start", out var start) && Number(vector, "end", out var end)
        && Proof(vector, out var path)
        && MerkleProof.VerifySubtreeInclusion(Hash(vector, "leafHash"), index, start, end, path, Hash(vector, "root"));

    private static bool Consistency(JsonElement vector) =>
        Number(vector, "size1", out var size1) && Number(vector, "size2", out var size2) && Proof(vector, out var path)
        && MerkleProof.VerifyConsistency(size1, size2, Hash(vector, "root1"), Hash(vector, "root2"), path);

    private static bool SubtreeConsistency(JsonElement vector) =>
        Number(vector, "start", out var start) && Number(vector, "end", out var end) && Number(vector, "size", out var size)
        && Proof(vector, out var path)
        && MerkleProof.VerifySubtreeConsistency(start, end, size, Hash(vector, "root1"), Hash(vector, "root2"), path);

    // What is no size, no hash or no list of hashes is no proof: it is refused, as it would be on its way into the product.
    private static bool Number(JsonElement vector, string name, out ulong number)
    {
        number = 0;
        return vector.GetProperty(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetUInt64(out number);
    }

    private static byte[] Hash(JsonElement vector, string name) =>
        vector.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var hash) ? hash : [];

    private static bool Proof(JsonElement vector, out byte[] path)
    {
        path = [];
        if (!vector.TryGetProperty("proof", out var list) || list.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        var hashes = new List<byte[]>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.String || !item.TryGetBytesFromBase64(out var hash))
            {
                return false;
            }

            hashes.Add(hash);
        }

        return MerkleProof.TryConcat(hashes, out path);
    }

    private static string Description(JsonElement vector) => vector.TryGetProperty("desc", out var text) ? text.ToString() : "";
}
