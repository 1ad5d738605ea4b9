using System.Numerics;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// The tree by its recursive definition (RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1), over leaf hashes in memory. Clear rather
/// than fast: the measure of every other implementation here. Pure and thread-safe.
/// </summary>
public static class MerkleTree
{
    /// <summary>The root of a list of leaves.</summary>
    /// <param name="leafHashes">The leaf hashes, 32 bytes each.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] RootOf(IReadOnlyList<byte[]> leafHashes)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        return RootOf(leafHashes, 0, leafHashes.Count);
    }

    /// <summary>The root of leaves <paramref name="start"/> to <paramref name="end"/>.</summary>
    /// <param name="leafHashes">The leaf hashes, 32 bytes each.</param>
    /// <param name="start">The first leaf.</param>
    /// <param name="end">One past the last leaf.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] RootOf(IReadOnlyList<byte[]> leafHashes, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        if (end - start <= 1)
        {
            return end == start ? MerkleHash.Empty.ToArray() : leafHashes[start];
        }

        var k = SplitPoint(end - start);
        var root = new byte[MerkleHash.Length];
        MerkleHash.Node(RootOf(leafHashes, start, start + k), RootOf(leafHashes, start + k, end), root);
        return root;
    }

    /// <summary>The audit path of a leaf.</summary>
    /// <param name="leafHashes">The leaf hashes of the tree.</param>
    /// <param name="index">The leaf, from 0.</param>
    /// <returns>The hashes from the leaf's sibling upwards.</returns>
    public static IReadOnlyList<byte[]> InclusionPath(IReadOnlyList<byte[]> leafHashes, int index)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leafHashes.Count);
        var path = new List<byte[]>();
        AddPath(path, leafHashes, 0, leafHashes.Count, index);
        return path;
    }

    /// <summary>The consistency proof between the first leaves and all.</summary>
    /// <param name="leafHashes">The leaf hashes of the later tree.</param>
    /// <param name="size">The size of the earlier tree, at least 1.</param>
    /// <returns>The proof; empty when the sizes are equal.</returns>
    public static IReadOnlyList<byte[]> ConsistencyPath(IReadOnlyList<byte[]> leafHashes, int size) => SubtreePath(leafHashes, 0, size);

    /// <summary>The proof that the tree holds a subtree (draft-ietf-plants-merkle-tree-certs, section 4.4.1).</summary>
    /// <param name="leafHashes">The leaf hashes of the tree.</param>
    /// <param name="start">The subtree's first leaf.</param>
    /// <param name="end">One past its last leaf.</param>
    /// <returns>The proof.</returns>
    public static IReadOnlyList<byte[]> SubtreePath(IReadOnlyList<byte[]> leafHashes, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(leafHashes);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(start, end);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(end, leafHashes.Count);
        var path = new List<byte[]>();
        AddSubtreePath(path, leafHashes, (0, leafHashes.Count), (start, end), known: true);
        return path;
    }

    /// <summary>The largest power of two below <paramref name="count"/>, which is at least 2.</summary>
    internal static int SplitPoint(int count) => 1 << BitOperations.Log2((uint)(count - 1));

    private static void AddPath(List<byte[]> path, IReadOnlyList<byte[]> leafHashes, int start, int end, int index)
    {
        if (end - start == 1)
        {
            return;
        }

        var middle = start + SplitPoint(end - start);
        if (index < middle)
        {
            AddPath(path, leafHashes, start, middle, index);
            path.Add(RootOf(leafHashes, middle, end));
        }
        else
        {
            AddPath(path, leafHashes, middle, end, index);
            path.Add(RootOf(leafHashes, start, middle));
        }
    }

    private static void AddSubtreePath(
        List<byte[]> path, IReadOnlyList<byte[]> leafHashes, (int Start, int End) tree, (int Start, int End) subtree, bool known)
    {
        if (tree == subtree)
        {
            // The verifier knows the subtree's root; a part of the subtree it must be told.
            if (!known)
            {
                path.Add(RootOf(leafHashes, tree.Start, tree.End));
            }

            return;
        }

        var middle = tree.Start + SplitPoint(tree.End - tree.Start);
        if (subtree.End <= middle)
        {
            AddSubtreePath(path, leafHashes, (tree.Start, middle), subtree, known);
            path.Add(RootOf(leafHashes, middle, tree.End));
        }
        else if (subtree.Start >= middle)
        {
            AddSubtreePath(path, leafHashes, (middle, tree.End), subtree, known);
            path.Add(RootOf(leafHashes, tree.Start, middle));
        }
        else
        {
            AddSubtreePath(path, leafHashes, (middle, tree.End), (middle, subtree.End), known: false);
            path.Add(RootOf(leafHashes, tree.Start, middle));
        }
    }
}
