namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Collects leaf hashes into tiles: the tiles at the right edge, and each tile that becomes full once, when it does. Memory: 8 KiB for
/// each level. Not thread-safe.
/// </summary>
/// <param name="full">Called with each tile that becomes full and its 8,192 bytes, before <see cref="Append"/> returns.</param>
public sealed class MerkleTileBuilder(MerkleTileBuilder.FullTile full)
{
    private readonly List<byte[]> _levels = [];

    /// <summary>Takes a full tile. The span is valid during the call only.</summary>
    /// <param name="tile">Which tile.</param>
    /// <param name="hashes">Its 256 hashes.</param>
    public delegate void FullTile(TileCoordinates tile, ReadOnlySpan<byte> hashes);

    /// <summary>The number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Continues a tree.</summary>
    /// <param name="size">Its number of leaves.</param>
    /// <param name="partial">Gives the bytes of each partial tile at its right edge, at least as wide as asked for.</param>
    /// <exception cref="ArgumentException">A tile is too short.</exception>
    public void Restore(long size, Func<TileCoordinates, ReadOnlyMemory<byte>> partial)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(partial);
        _levels.Clear();
        Size = size;
        foreach (var tile in PartialTiles())
        {
            var hashes = partial(tile);
            if (hashes.Length < tile.Width * MerkleHash.Length)
            {
                throw new ArgumentException($"{tile}: the tile is too short.", nameof(partial));
            }

            hashes[..(tile.Width * MerkleHash.Length)].Span.CopyTo(Level(tile.Level));
        }
    }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leafHash">Its hash: 32 bytes.</param>
    public void Append(ReadOnlySpan<byte> leafHash)
    {
        Span<byte> hash = stackalloc byte[MerkleHash.Length];
        leafHash.CopyTo(hash);
        for (var (level, position) = (0, Size); ; level++, position /= TileCoordinates.FullWidth)
        {
            var tile = Level(level);
            var offset = (int)(position % TileCoordinates.FullWidth);
            hash.CopyTo(tile.AsSpan(offset * MerkleHash.Length));
            if (offset != TileCoordinates.FullWidth - 1)
            {
                break;
            }

            full(new TileCoordinates(level, position / TileCoordinates.FullWidth, TileCoordinates.FullWidth), tile);
            MerkleTiles.RootOf(tile, hash);
        }

        Size++;
    }

    /// <summary>The partial tiles at the right edge, from level 0 up.</summary>
    /// <returns>At most one for each level.</returns>
    public IEnumerable<TileCoordinates> PartialTiles()
    {
        for (var level = 0; level < MerkleTiles.LevelsMax; level++)
        {
            var hashes = Size >> (MerkleTiles.Height * level);
            if (hashes % TileCoordinates.FullWidth != 0)
            {
                yield return new TileCoordinates(level, hashes / TileCoordinates.FullWidth, (int)(hashes % TileCoordinates.FullWidth));
            }
        }
    }

    /// <summary>The hashes of the partial tile of a level.</summary>
    /// <param name="tile">One of <see cref="PartialTiles"/>.</param>
    /// <returns>Its bytes, valid until the next leaf.</returns>
    public ReadOnlyMemory<byte> Hashes(TileCoordinates tile) => Level(tile.Level).AsMemory(0, tile.Width * MerkleHash.Length);

    private byte[] Level(int level)
    {
        while (_levels.Count <= level)
        {
            _levels.Add(new byte[MerkleTiles.FullLength]);
        }

        return _levels[level];
    }
}
