namespace AgentGate.Kernel.Transparency;

/// <summary>Which tiles a tree of some size has (C2SP <c>tlog-tiles</c>), and what their hashes add up to. Pure and thread-safe.</summary>
public static class MerkleTiles
{
    /// <summary>How many levels of the tree one tile spans: 8.</summary>
    public const int Height = 8;

    /// <summary>The levels a tree of up to 2^63 - 1 leaves has: 0 to 7.</summary>
    public const int LevelsMax = 8;

    /// <summary>The bytes of a full tile: 8,192.</summary>
    public const int FullLength = TileCoordinates.FullWidth * MerkleHash.Length;

    /// <summary>How many hashes a tile has in a tree of some size.</summary>
    /// <param name="level">The level; <see cref="TileCoordinates.EntriesLevel"/> counts entries.</param>
    /// <param name="index">The position within the level.</param>
    /// <param name="size">The number of leaves.</param>
    /// <returns>0 (there is no such tile) to 256 (it is full).</returns>
    public static int WidthAt(int level, long index, long size)
    {
        if (level is < TileCoordinates.EntriesLevel or >= LevelsMax || index < 0 || size < 0 || index > long.MaxValue / TileCoordinates.FullWidth)
        {
            return 0;
        }

        var hashes = size >> (Height * Math.Max(level, 0));
        return (int)Math.Clamp(hashes - (index * TileCoordinates.FullWidth), 0, TileCoordinates.FullWidth);
    }

    /// <summary>The hash tiles that a tree has and a smaller state of it did not have, level by level.</summary>
    /// <param name="oldSize">The smaller size; 0 gives all tiles.</param>
    /// <param name="size">The size.</param>
    /// <returns>Tiles that became full, and the partial ones at the right edge that are new or wider.</returns>
    public static IEnumerable<TileCoordinates> Between(long oldSize, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(oldSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, oldSize);
        return Enumerate(oldSize, size);

        static IEnumerable<TileCoordinates> Enumerate(long oldSize, long size)
        {
            for (var level = 0; level < LevelsMax; level++)
            {
                var (before, now) = (oldSize >> (Height * level), size >> (Height * level));
                for (var index = before / TileCoordinates.FullWidth; index * TileCoordinates.FullWidth < now && before < now; index++)
                {
                    yield return new TileCoordinates(level, index, WidthAt(level, index, size));
                }
            }
        }
    }

    /// <summary>The root over a run of neighbouring hashes whose number is a power of two.</summary>
    /// <param name="hashes">1 to 256 hashes of 32 bytes.</param>
    /// <param name="destination">Receives 32 bytes.</param>
    /// <exception cref="ArgumentException">The number of hashes is not such a power of two.</exception>
    public static void RootOf(ReadOnlySpan<byte> hashes, Span<byte> destination)
    {
        var count = hashes.Length / MerkleHash.Length;
        if (hashes.Length % MerkleHash.Length != 0 || count is < 1 or > TileCoordinates.FullWidth || (count & (count - 1)) != 0)
        {
            throw new ArgumentException("A run of 1, 2, 4, ... or 256 hashes is expected.", nameof(hashes));
        }

        if (count == 1)
        {
            hashes.CopyTo(destination);
            return;
        }

        Span<byte> row = stackalloc byte[FullLength / 2];
        Combine(hashes, row);
        for (count /= 2; count > 1; count /= 2)
        {
            Combine(row[..(count * MerkleHash.Length)], row);
        }

        row[..MerkleHash.Length].CopyTo(destination);
    }

    private static void Combine(ReadOnlySpan<byte> children, Span<byte> parents)
    {
        for (var i = 0; i * 2 * MerkleHash.Length < children.Length; i++)
        {
            var pair = children.Slice(2 * i * MerkleHash.Length, 2 * MerkleHash.Length);
            MerkleHash.Node(pair[..MerkleHash.Length], pair[MerkleHash.Length..], parents.Slice(i * MerkleHash.Length, MerkleHash.Length));
        }
    }
}
