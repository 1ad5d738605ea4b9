using System.Numerics;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Makes proofs from tiles, for every size up to that of the tree. What it returns is as true as the tiles: a caller who does not trust
/// them checks the proof. Thread-safe if the source is.
/// </summary>
/// <param name="source">The tiles.</param>
/// <param name="cache">Keeps what full tiles add up to, or <see langword="null"/> to compute it each time.</param>
public sealed class MerkleProver(ITileSource source, MerkleTileCache? cache = null)
{
    /// <summary>The root of a tree.</summary>
    /// <param name="size">Its number of leaves.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>32 bytes.</returns>
    /// <exception cref="TileUnavailableException">A tile is missing.</exception>
    public async ValueTask<byte[]> RootAsync(long size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? MerkleHash.Empty.ToArray() : await RangeAsync(0, size, cancellationToken);
    }

    /// <summary>The audit path of a leaf (RFC 9162, section 2.1.3.1).</summary>
    /// <param name="index">The leaf, from 0.</param>
    /// <param name="size">The number of leaves of the tree; above <paramref name="index"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The hashes from the leaf's sibling upwards.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The leaf is not in the tree.</exception>
    /// <exception cref="TileUnavailableException">A tile is missing.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> InclusionAsync(long index, long size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<byte[]>();
        for (var (start, end) = (0L, size); end - start > 1;)
        {
            var middle = start + SplitPoint(end - start);
            if (index < middle)
            {
                path.Add(await RangeAsync(middle, end, cancellationToken));
                end = middle;
            }
            else
            {
                path.Add(await RangeAsync(start, middle, cancellationToken));
                start = middle;
            }
        }

        path.Reverse();
        return path;
    }

    /// <summary>The proof that a tree is an earlier state of another (RFC 9162, section 2.1.4.1).</summary>
    /// <param name="oldSize">The size of the earlier tree; 0 needs no proof.</param>
    /// <param name="size">The size of the later one, not below it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The proof; empty for equal sizes and from the empty tree.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The earlier tree is larger.</exception>
    /// <exception cref="TileUnavailableException">A tile is missing.</exception>
    public async ValueTask<IReadOnlyList<byte[]>> ConsistencyAsync(long oldSize, long size, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(oldSize, size);
        var path = new List<byte[]>();
        if (oldSize == 0)
        {
            return path;
        }

        var (start, end) = (0L, size);
        while (oldSize != end)
        {
            var middle = start + SplitPoint(end - start);
            if (oldSize <= middle)
            {
                path.Add(await RangeAsync(middle, end, cancellationToken));
                end = middle;
            }
            else
            {
                path.Add(await RangeAsync(start, middle, cancellationToken));
                start = middle;
            }
        }

        if (start != 0)
        {
            path.Add(await RangeAsync(start, end, cancellationToken));
        }

        path.Reverse();
        return path;
    }

    /// <summary>The largest power of two below <paramref name="count"/>, which is at least 2.</summary>
    private static long SplitPoint(long count) => 1L << BitOperations.Log2((ulong)(count - 1));

    /// <summary>
    /// The root over the leaves from <paramref name="start"/> to <paramref name="end"/>, as the recursion of the definition meets them:
    /// <paramref name="start"/> is a multiple of the power of two not below the length. It is the sum of complete subtrees that become
    /// smaller from left to right.
    /// </summary>
    private async ValueTask<byte[]> RangeAsync(long start, long end, CancellationToken cancellationToken)
    {
        var parts = new List<byte[]>();
        while (start < end)
        {
            var level = BitOperations.Log2((ulong)(end - start));
            parts.Add(await SubtreeAsync(level, start >> level, cancellationToken));
            start += 1L << level;
        }

        var root = parts[^1];
        for (var i = parts.Count - 2; i >= 0; i--)
        {
            var parent = new byte[MerkleHash.Length];
            MerkleHash.Node(parts[i], root, parent);
            root = parent;
        }

        return root;
    }

    /// <summary>The root of the complete subtree of <c>2^level</c> leaves at a position among its like.</summary>
    private async ValueTask<byte[]> SubtreeAsync(int level, long position, CancellationToken cancellationToken)
    {
        var (tileLevel, height) = Math.DivRem(level, MerkleTiles.Height);
        var first = position << height;
        var (index, offset) = Math.DivRem(first, TileCoordinates.FullWidth);
        var count = 1 << height;
        var tile = new TileCoordinates(tileLevel, index, (int)offset + count);
        if (cache?.Find(tileLevel, index) is { } known)
        {
            return known.Subtree(height, (int)offset >> height);
        }

        var hashes = await source.ReadTileAsync(tile, cancellationToken);
        if (hashes.Length < tile.Width * MerkleHash.Length)
        {
            throw new TileUnavailableException($"The tile {tile} is missing or too short.");
        }

        if (cache is not null && hashes.Length == MerkleTiles.FullLength)
        {
            return cache.Add(tileLevel, index, hashes.Span).Subtree(height, (int)offset >> height);
        }

        var root = new byte[MerkleHash.Length];
        MerkleTiles.RootOf(hashes.Span.Slice((int)offset * MerkleHash.Length, count * MerkleHash.Length), root);
        return root;
    }
}
