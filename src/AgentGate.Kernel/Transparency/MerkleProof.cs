using System.Numerics;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Checks proofs of a Merkle tree: inclusion (RFC 9162, section 2.1.3.2), consistency (section 2.1.4.2), and both for subtrees
/// (draft-ietf-plants-merkle-tree-certs, section 4). Pure, thread-safe and without allocation: a wrong proof is an answer, never an
/// exception.
/// </summary>
/// <remarks>A path is the concatenation of its 32-byte hashes. Sizes reach to 2^64 - 1; a proof is at most 64 steps of work.</remarks>
public static class MerkleProof
{
    /// <summary>The most hashes a proof between trees of 64-bit sizes can have: 65.</summary>
    public const int HashesMax = 65;

    /// <summary>Puts the hashes of a proof together, as the other methods take them.</summary>
    /// <param name="hashes">The hashes.</param>
    /// <param name="path">The concatenation.</param>
    /// <returns>Whether each has 32 bytes and there are at most <see cref="HashesMax"/>.</returns>
    public static bool TryConcat(IReadOnlyList<byte[]> hashes, out byte[] path)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        path = [];
        if (hashes.Count > HashesMax)
        {
            return false;
        }

        var bytes = new byte[hashes.Count * MerkleHash.Length];
        for (var i = 0; i < hashes.Count; i++)
        {
            if (hashes[i] is not { Length: MerkleHash.Length } hash)
            {
                return false;
            }

            hash.CopyTo(bytes, i * MerkleHash.Length);
        }

        path = bytes;
        return true;
    }

    /// <summary>Whether a leaf is in a tree.</summary>
    /// <param name="leafHash">The leaf's hash: 32 bytes.</param>
    /// <param name="index">The leaf's position, from 0; below <paramref name="size"/>.</param>
    /// <param name="size">The number of leaves.</param>
    /// <param name="path">The audit path, from the leaf's sibling to the child of the root, concatenated.</param>
    /// <param name="root">The root of the tree.</param>
    /// <returns>Whether the path leads from the leaf at this position to the root.</returns>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, ulong index, ulong size, ReadOnlySpan<byte> path, ReadOnlySpan<byte> root)
    {
        if (index >= size || leafHash.Length != MerkleHash.Length || path.Length % MerkleHash.Length != 0)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[MerkleHash.Length];
        leafHash.CopyTo(hash);
        var (fn, sn) = (index, size - 1);
        for (; path.Length > 0; path = path[MerkleHash.Length..])
        {
            if (sn == 0)
            {
                return false;
            }

            var sibling = path[..MerkleHash.Length];
            if ((fn & 1) == 1 || fn == sn)
            {
                MerkleHash.Node(sibling, hash, hash);
                var levels = (fn & 1) == 1 ? 0 : BitOperations.TrailingZeroCount(fn);
                (fn, sn) = Shift(fn, sn, levels);
            }
            else
            {
                MerkleHash.Node(hash, sibling, hash);
            }

            (fn, sn) = Shift(fn, sn, 1);
        }

        return sn == 0 && root.SequenceEqual(hash);
    }

    /// <summary>Whether a leaf is in a tree.</summary>
    /// <param name="leafHash">The leaf's hash: 32 bytes.</param>
    /// <param name="index">The leaf's position, from 0; below <paramref name="size"/>.</param>
    /// <param name="size">The number of leaves.</param>
    /// <param name="path">The audit path, from the leaf's sibling to the child of the root, concatenated.</param>
    /// <param name="root">The root of the tree.</param>
    /// <returns>Whether the path leads from the leaf at this position to the root.</returns>
    public static bool VerifyInclusion(ReadOnlySpan<byte> leafHash, long index, long size, ReadOnlySpan<byte> path, ReadOnlySpan<byte> root) =>
        index >= 0 && size >= 0 && VerifyInclusion(leafHash, (ulong)index, (ulong)size, path, root);

    /// <summary>Whether a tree is an earlier state of another.</summary>
    /// <param name="size1">The size of the earlier tree. 0 is refused: the empty tree proves nothing about a later one.</param>
    /// <param name="size2">The size of the later tree, not below <paramref name="size1"/>.</param>
    /// <param name="root1">The root of the earlier tree.</param>
    /// <param name="root2">The root of the later tree.</param>
    /// <param name="path">The proof, concatenated; empty when the sizes are equal, where the roots must be equal too.</param>
    /// <returns>Whether the later tree begins with the leaves of the earlier one.</returns>
    public static bool VerifyConsistency(ulong size1, ulong size2, ReadOnlySpan<byte> root1, ReadOnlySpan<byte> root2, ReadOnlySpan<byte> path) =>
        size1 > 0 && VerifySubtreeConsistency(0, size1, size2, root1, root2, path);

    /// <summary>Whether a tree is an earlier state of another.</summary>
    /// <param name="size1">The size of the earlier tree. 0 is refused: the empty tree proves nothing about a later one.</param>
    /// <param name="size2">The size of the later tree, not below <paramref name="size1"/>.</param>
    /// <param name="root1">The root of the earlier tree.</param>
    /// <param name="root2">The root of the later tree.</param>
    /// <param name="path">The proof, concatenated; empty when the sizes are equal, where the roots must be equal too.</param>
    /// <returns>Whether the later tree begins with the leaves of the earlier one.</returns>
    public static bool VerifyConsistency(long size1, long size2, ReadOnlySpan<byte> root1, ReadOnlySpan<byte> root2, ReadOnlySpan<byte> path) =>
        size1 > 0 && size2 > 0 && VerifyConsistency((ulong)size1, (ulong)size2, root1, root2, path);

    /// <summary>Whether <c>[start, end)</c> is a subtree: not empty, and <c>start</c> a multiple of the power of two not below its length.</summary>
    /// <param name="start">The first leaf.</param>
    /// <param name="end">One past the last leaf.</param>
    /// <returns>Whether proofs for it exist (draft-ietf-plants-merkle-tree-certs, section 4.1).</returns>
    public static bool IsSubtree(ulong start, ulong end)
    {
        if (start >= end)
        {
            return false;
        }

        // The power of two not below the length may be 2^64, of which only 0 is a multiple.
        var length = end - start;
        return length > 1UL << 63 ? start == 0 : (start & (BitOperations.RoundUpToPowerOf2(length) - 1)) == 0;
    }

    /// <summary>Whether a leaf is in a subtree.</summary>
    /// <param name="leafHash">The leaf's hash: 32 bytes.</param>
    /// <param name="index">The leaf's position in the whole tree, from 0.</param>
    /// <param name="start">The subtree's first leaf.</param>
    /// <param name="end">One past the subtree's last leaf.</param>
    /// <param name="path">The audit path within the subtree, concatenated.</param>
    /// <param name="root">The root of the subtree.</param>
    /// <returns>Whether the range is a subtree and the path leads from the leaf to its root.</returns>
    public static bool VerifySubtreeInclusion(
        ReadOnlySpan<byte> leafHash, ulong index, ulong start, ulong end, ReadOnlySpan<byte> path, ReadOnlySpan<byte> root) =>
        IsSubtree(start, end) && index >= start && index < end && VerifyInclusion(leafHash, index - start, end - start, path, root);

    /// <summary>Whether a subtree belongs to a tree.</summary>
    /// <param name="start">The subtree's first leaf.</param>
    /// <param name="end">One past the subtree's last leaf. An empty subtree has the root of the empty tree, belongs to every tree that reaches to it and needs no proof.</param>
    /// <param name="size">The number of leaves of the tree.</param>
    /// <param name="subtreeRoot">The root of the subtree.</param>
    /// <param name="root">The root of the tree.</param>
    /// <param name="path">The proof, concatenated.</param>
    /// <returns>Whether the tree holds exactly this subtree at this place.</returns>
    public static bool VerifySubtreeConsistency(
        ulong start, ulong end, ulong size, ReadOnlySpan<byte> subtreeRoot, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path)
    {
        if (end > size || path.Length % MerkleHash.Length != 0)
        {
            return false;
        }

        if (start == end)
        {
            return path.Length == 0 && subtreeRoot.SequenceEqual(MerkleHash.Empty);
        }

        if (!IsSubtree(start, end))
        {
            return false;
        }

        if (start == 0 && end == size)
        {
            return path.Length == 0 && subtreeRoot.SequenceEqual(root);
        }

        return subtreeRoot.Length == MerkleHash.Length && WalkConsistency(start, end, size, subtreeRoot, root, path);
    }

    /// <summary>
    /// Section 4.4.3 of the draft; for <paramref name="start"/> = 0 it is RFC 9162, section 2.1.4.2. Two roots are computed from one
    /// path: that of the subtree, which takes the left siblings below it only, and that of the tree.
    /// </summary>
    private static bool WalkConsistency(
        ulong start, ulong end, ulong size, ReadOnlySpan<byte> subtreeRoot, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path)
    {
        var (fn, sn, tn) = (start, end - 1, size - 1);

        // Up to the largest complete subtree at the right edge of the subtree; where both end together, up to the subtree itself.
        var levels = sn == tn
            ? BitOperations.Log2(fn ^ sn) + (fn == sn ? 0 : 1)
            : Math.Min(BitOperations.TrailingZeroCount(~sn), fn == sn ? 0 : BitOperations.Log2(fn ^ sn) + 1);
        (fn, sn, tn) = (ShiftRight(fn, levels), ShiftRight(sn, levels), ShiftRight(tn, levels));

        Span<byte> ofSubtree = stackalloc byte[MerkleHash.Length];
        Span<byte> ofTree = stackalloc byte[MerkleHash.Length];
        if (fn == sn)
        {
            subtreeRoot.CopyTo(ofSubtree);
        }
        else if (path.Length == 0)
        {
            return false;
        }
        else
        {
            path[..MerkleHash.Length].CopyTo(ofSubtree);
            path = path[MerkleHash.Length..];
        }

        ofSubtree.CopyTo(ofTree);
        for (; path.Length > 0; path = path[MerkleHash.Length..])
        {
            if (tn == 0)
            {
                return false;
            }

            var sibling = path[..MerkleHash.Length];
            var skipped = 0;
            if ((sn & 1) == 1 || sn == tn)
            {
                if (fn < sn)
                {
                    MerkleHash.Node(sibling, ofSubtree, ofSubtree);
                }

                MerkleHash.Node(sibling, ofTree, ofTree);
                skipped = (sn & 1) == 1 ? 0 : BitOperations.TrailingZeroCount(sn);
            }
            else
            {
                MerkleHash.Node(ofTree, sibling, ofTree);
            }

            (fn, sn, tn) = (ShiftRight(fn, skipped + 1), ShiftRight(sn, skipped + 1), ShiftRight(tn, skipped + 1));
        }

        return tn == 0 && subtreeRoot.SequenceEqual(ofSubtree) && root.SequenceEqual(ofTree);
    }

    // The shift of a 64-bit value by 64 is a shift by 0 in C#, and TrailingZeroCount(0) is 64.
    private static ulong ShiftRight(ulong value, int count) => count >= 64 ? 0 : value >> count;

    private static (ulong First, ulong Second) Shift(ulong first, ulong second, int count) => (ShiftRight(first, count), ShiftRight(second, count));
}
