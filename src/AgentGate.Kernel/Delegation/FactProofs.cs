using System.Buffers;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Delegation;

/// <summary>Verifies what a fact tree shows, from its root and size alone. Pure and thread-safe; hostile input gives <see langword="false"/>.</summary>
public static class FactProofs
{
    /// <summary>More hashes than any tree has levels.</summary>
    private const int PathMax = 64;

    /// <summary>Whether a fact is in the tree.</summary>
    /// <param name="root">The tree's root, lower-case hex.</param>
    /// <param name="size">How many facts it has.</param>
    /// <param name="shown">The fact and its proof.</param>
    public static bool VerifyPresent(string root, long size, ProvenFact shown)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(shown);
        var (index, path) = shown.Proof;
        if (index < 0 || index >= size || path.IsDefault || path.Length > PathMax)
        {
            return false;
        }

        var hashes = new byte[(path.Length + 1) * MerkleHash.Length];
        for (var i = 0; i <= path.Length; i++)
        {
            if (!TryReadHash(i < path.Length ? path[i] : root, hashes.AsSpan(i * MerkleHash.Length, MerkleHash.Length)))
            {
                return false;
            }
        }

        return MerkleProof.VerifyInclusion(
            MerkleHash.Leaf(shown.Fact.Span), (ulong)index, (ulong)size, hashes.AsSpan(..^MerkleHash.Length), hashes.AsSpan(^MerkleHash.Length..));
    }

    /// <summary>Whether a fact of this id is in the tree.</summary>
    /// <param name="root">The tree's root, lower-case hex.</param>
    /// <param name="size">How many facts it has.</param>
    /// <param name="id">The id the fact must have.</param>
    /// <param name="shown">The fact and its proof.</param>
    public static bool VerifyPresent(string root, long size, string id, ProvenFact shown)
        => VerifyPresent(root, size, shown) && IdOf(shown.Fact.Span) == id;

    /// <summary>Whether no fact of this id is in the tree, given that the tree is in order.</summary>
    /// <param name="root">The tree's root, lower-case hex.</param>
    /// <param name="size">How many facts it has.</param>
    /// <param name="id">The id.</param>
    /// <param name="neighbours">The facts between which it would stand, in order.</param>
    public static bool VerifyAbsent(string root, long size, string id, IReadOnlyList<ProvenFact> neighbours)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(neighbours);
        if (size == 0)
        {
            return neighbours.Count == 0 && root == Convert.ToHexStringLower(MerkleHash.Empty);
        }

        if (neighbours.Count is 0 or > 2 || !neighbours.All(one => VerifyPresent(root, size, one)))
        {
            return false;
        }

        var (first, last) = (neighbours[0], neighbours[^1]);
        if (IdOf(first.Fact.Span) is not { } before || IdOf(last.Fact.Span) is not { } after)
        {
            return false;
        }

        return neighbours.Count == 2
            ? last.Proof.Index == first.Proof.Index + 1 && string.CompareOrdinal(before, id) < 0 && string.CompareOrdinal(id, after) < 0
            : (first.Proof.Index == 0 && string.CompareOrdinal(id, before) < 0)
                || (first.Proof.Index == size - 1 && string.CompareOrdinal(before, id) < 0);
    }

    /// <summary>A fact's id; <see langword="null"/> where the bytes are no canonical fact, so that an id cannot be read in two ways.</summary>
    private static string? IdOf(ReadOnlySpan<byte> fact)
    {
        try
        {
            if (!CanonicalJson.Canonicalize(fact).AsSpan().SequenceEqual(fact))
            {
                return null;
            }

            using var document = JsonDocument.Parse(fact.ToArray());
            return document.RootElement.GetProperty("id").GetString();
        }
        catch (Exception exception) when (exception is JsonException or CanonicalJsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static bool TryReadHash(string? text, Span<byte> hash)
        => text is { Length: 2 * MerkleHash.Length } && !text.AsSpan().ContainsAnyInRange('A', 'F')
            && Convert.FromHexString(text, hash, out _, out var written) == OperationStatus.Done && written == hash.Length;
}
