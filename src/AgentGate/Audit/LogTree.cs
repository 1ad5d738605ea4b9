using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>
/// A tenant's tree while its log grows: the right edge, and the tiles at it. An entry costs its leaf hash and two node hashes on
/// average, and allocates nothing; memory is 8 KiB per level. Not thread-safe: the log's writer owns it.
/// </summary>
internal sealed class LogTree
{
    private readonly string _tenant;
    private readonly List<LogTile> _full = [];
    private readonly MerkleTileBuilder _builder;
    private readonly MerkleFrontier _frontier;
    private int _changedLevels;

    private LogTree(string tenant, MerkleFrontier frontier)
    {
        (_tenant, _frontier) = (tenant, frontier);
        _builder = new MerkleTileBuilder(Keep);
    }

    public LogTree(string tenant)
        : this(tenant, new MerkleFrontier())
    {
    }

    public long Size => _frontier.Size;

    /// <summary>Continues a tree from the partial tiles at its right edge.</summary>
    /// <exception cref="ArgumentException">A tile is too short.</exception>
    public static LogTree Restore(string tenant, long size, Func<TileCoordinates, ReadOnlyMemory<byte>> partial)
    {
        var tree = new LogTree(tenant, new MerkleFrontier(size, RightEdge(size, partial)));
        tree._builder.Restore(size, partial);
        return tree;
    }

    /// <summary>Appends an entry.</summary>
    /// <param name="entry">Its canonical bytes.</param>
    public void Append(ReadOnlySpan<byte> entry)
    {
        Span<byte> leaf = stackalloc byte[MerkleHash.Length];
        MerkleHash.Leaf(entry, leaf);
        _builder.Append(leaf);
        _frontier.Append(leaf);
    }

    /// <summary>Hands over the tiles that changed since the last time: those that became full, and above level 0 the partial ones.</summary>
    /// <param name="into">Receives them. The partial ones are lent until the next entry.</param>
    public void TakeChanged(List<LogTile> into)
    {
        into.AddRange(_full);
        if (_changedLevels > 0)
        {
            foreach (var tile in _builder.PartialTiles())
            {
                if (tile.Level > 0 && tile.Level <= _changedLevels)
                {
                    into.Add(new LogTile(_tenant, tile.Level, tile.Index, _builder.Hashes(tile)));
                }
            }
        }

        _full.Clear();
        _changedLevels = 0;
    }

    /// <summary>Where the tree stands now, to be kept.</summary>
    public TreeHead Head() => new(_frontier.Clone());

    private void Keep(TileCoordinates tile, ReadOnlySpan<byte> hashes)
    {
        _full.Add(new LogTile(_tenant, tile.Level, tile.Index, hashes.ToArray()));
        _changedLevels = Math.Max(_changedLevels, tile.Level + 1);
    }

    /// <summary>
    /// The roots of the complete subtrees, the largest first: the hashes of a partial tile are a run of subtrees whose sizes
    /// are the bits of its width.
    /// </summary>
    private static List<byte[]> RightEdge(long size, Func<TileCoordinates, ReadOnlyMemory<byte>> partial)
    {
        var edge = new List<byte[]>();
        for (var level = MerkleTiles.LevelsMax - 1; level >= 0; level--)
        {
            var hashes = size >> (MerkleTiles.Height * level);
            var width = (int)(hashes % TileCoordinates.FullWidth);
            if (width == 0)
            {
                continue;
            }

            var tile = partial(new TileCoordinates(level, hashes / TileCoordinates.FullWidth, width));
            var start = 0;
            for (var count = TileCoordinates.FullWidth / 2; count > 0; count /= 2)
            {
                if ((width & count) != 0)
                {
                    var root = new byte[MerkleHash.Length];
                    MerkleTiles.RootOf(tile.Span.Slice(start * MerkleHash.Length, count * MerkleHash.Length), root);
                    edge.Add(root);
                    start += count;
                }
            }
        }

        return edge;
    }
}
