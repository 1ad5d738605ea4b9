using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class MerkleTilesTests
{
    [Fact]
    public void The_frontier_has_the_root_of_the_definition_at_every_size()
    {
        var leaves = Leaves.Of(300);
        var frontier = new MerkleFrontier();
        for (var size = 0; size <= leaves.Count; size++)
        {
            Assert.Equal(size, frontier.Size);
            Assert.Equal(MerkleTree.RootOf(leaves, 0, size), frontier.Root());
            var restored = new MerkleFrontier(size, frontier.RightEdge());
            Assert.Equal(frontier.Root(), restored.Root());
            if (size < leaves.Count)
            {
                frontier.Append(leaves[size]);
                restored.Append(leaves[size]);
                Assert.Equal(frontier.Root(), restored.Root());
            }
        }
    }

    [Fact]
    public void A_copied_frontier_goes_its_own_way()
    {
        var leaves = Leaves.Of(9);
        var frontier = new MerkleFrontier();
        leaves[..7].ForEach(leaf => frontier.Append(leaf));

        var copy = frontier.Clone();
        copy.Append(leaves[7]);

        Assert.Equal(MerkleTree.RootOf(leaves, 0, 7), frontier.Root());
        Assert.Equal(MerkleTree.RootOf(leaves, 0, 8), copy.Root());
    }

    [Fact]
    public void A_frontier_is_not_restored_from_what_cannot_be_its_right_edge()
    {
        var hash = new byte[32];
        Assert.Throws<ArgumentException>(() => new MerkleFrontier(3, [hash]));
        Assert.Throws<ArgumentException>(() => new MerkleFrontier(2, [hash, hash]));
        Assert.Throws<ArgumentException>(() => new MerkleFrontier(1, [new byte[31]]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new MerkleFrontier(-1, []));
        Assert.Throws<ArgumentException>(() => new MerkleFrontier().Append(new byte[31]));
    }

    [Fact]
    public void Appending_allocates_nothing()
    {
        var frontier = new MerkleFrontier();
        var (leaf, root) = (new byte[32], new byte[32]);
        for (var i = 0; i < 100; i++)
        {
            frontier.Append(leaf);
            frontier.Root(root);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            frontier.Append(leaf);
            frontier.Root(root);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(0, 1234067, 256, "tile/0/x001/x234/067")]
    [InlineData(0, 0, 256, "tile/0/000")]
    [InlineData(1, 0, 17, "tile/1/000.p/17")]
    [InlineData(2, 999, 1, "tile/2/999.p/1")]
    [InlineData(0, 1000, 255, "tile/0/x001/000.p/255")]
    [InlineData(-1, 5, 256, "tile/entries/005")]
    [InlineData(63, long.MaxValue, 256, "tile/63/x009/x223/x372/x036/x854/x775/807")]
    public void A_tile_has_one_address(int level, long index, int width, string path)
    {
        var tile = new TileCoordinates(level, index, width);

        Assert.Equal(path, tile.ToString());
        Assert.True(TileCoordinates.TryParse(path, out var read));
        Assert.Equal(tile, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tile")]
    [InlineData("tile/")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("tile/0/1")]
    [InlineData("tile/0/0001")]
    [InlineData("tile/0/x000/001")]
    [InlineData("tile/0/x001")]
    [InlineData("tile/0/001/002")]
    [InlineData("tile/0/001/")]
    [InlineData("tile/00/001")]
    [InlineData("tile/64/001")]
    [InlineData("tile/-1/001")]
    [InlineData("tile/data/001")]
    [InlineData("/tile/0/001")]
    [InlineData("tile/0/001.p/0")]
    [InlineData("tile/0/001.p/256")]
    [InlineData("tile/0/001.p/01")]
    [InlineData("tile/0/001.p/")]
    [InlineData("tile/0/001.p/1.p/1")]
    [InlineData("tile/0/001.p/+1")]
    [InlineData("tile/0/٠٠١")]
    [InlineData("tile/63/x009/x223/x372/x036/x854/x775/808")]
    [InlineData("tile/0/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/x001/001")]
    public void Other_spellings_are_no_address(string path) => Assert.False(TileCoordinates.TryParse(path, out _));

    [Property(MaxTest = 1000)]
    public void Addresses_are_read_as_they_are_written(int level, long index, int width)
    {
        var tile = new TileCoordinates((level & 63) - 1, index & long.MaxValue, (width & 255) + 1);

        Assert.True(TileCoordinates.TryParse(tile.ToString(), out var read));
        Assert.Equal(tile, read);
    }

    [Property(MaxTest = 2000)]
    public void Any_text_is_an_answer(string? text)
    {
        if (TileCoordinates.TryParse("tile/0/" + text, out var tile))
        {
            Assert.Equal("tile/0/" + text, tile.ToString());
        }
    }

    /// <summary>The examples of C2SP tlog-tiles.</summary>
    [Fact]
    public void A_tree_of_70000_and_one_of_256_have_the_tiles_of_the_specification()
    {
        var tiles = MerkleTiles.Between(0, 70_000).ToList();

        Assert.Equal(273, tiles.Count(static t => t is { Level: 0, IsFull: true }));
        Assert.Contains(new TileCoordinates(0, 273, 112), tiles);
        Assert.Contains(new TileCoordinates(1, 0, 256), tiles);
        Assert.Contains(new TileCoordinates(1, 1, 17), tiles);
        Assert.Contains(new TileCoordinates(2, 0, 1), tiles);
        Assert.Equal(277, tiles.Count);
        Assert.Equal([new TileCoordinates(0, 0, 256), new TileCoordinates(1, 0, 1)], MerkleTiles.Between(0, 256));
        Assert.Empty(MerkleTiles.Between(70_000, 70_000));
    }

    [Property(MaxTest = 200)]
    public void A_grown_tree_has_new_tiles_exactly_where_widths_grew(uint a, uint b)
    {
        var (old, size) = (Math.Min(a % 200_000, b % 200_000), Math.Max(a % 200_000, b % 200_000));
        var grown = MerkleTiles.Between(old, size).ToHashSet();

        foreach (var tile in MerkleTiles.Between(0, size))
        {
            Assert.Equal(MerkleTiles.WidthAt(tile.Level, tile.Index, old) < tile.Width, grown.Contains(tile));
        }

        Assert.All(grown, tile => Assert.Equal(MerkleTiles.WidthAt(tile.Level, tile.Index, size), tile.Width));
    }

    [Fact]
    public void Tiles_hold_what_the_specification_says()
    {
        var leaves = Leaves.Of(70_000);
        var tiles = new Leaves.Tiles(leaves);

        Assert.Equal(MerkleTiles.Between(0, leaves.Count).Where(static t => t.IsFull).Order(Comparer<TileCoordinates>.Create(Compare)), tiles.Full.Order(Comparer<TileCoordinates>.Create(Compare)));
        Assert.Equal(MerkleTiles.Between(0, leaves.Count).Where(static t => !t.IsFull), tiles.Builder.PartialTiles());
        Assert.Equal(leaves[256 * 3], tiles[new TileCoordinates(0, 3, 256)][..32].ToArray());
        Assert.Equal(MerkleTree.RootOf(leaves, 256 * 5, 256 * 6), tiles[new TileCoordinates(1, 0, 256)].Slice(5 * 32, 32).ToArray());
        Assert.Equal(MerkleTree.RootOf(leaves, 0, 65_536), tiles[new TileCoordinates(2, 0, 1)].ToArray());

        static int Compare(TileCoordinates x, TileCoordinates y) => (x.Level, x.Index).CompareTo((y.Level, y.Index));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_536 + 300)]
    public void A_restored_builder_goes_on_as_if_it_had_never_stopped(int size)
    {
        var leaves = Leaves.Of(size + 600);
        var before = new Leaves.Tiles(leaves[..size]);
        var whole = new Leaves.Tiles(leaves);
        var full = new Dictionary<TileCoordinates, byte[]>();

        var builder = new MerkleTileBuilder((tile, hashes) => full.Add(tile, hashes.ToArray()));
        builder.Restore(size, tile => before[tile]);
        leaves[size..].ForEach(leaf => builder.Append(leaf));

        Assert.Equal(leaves.Count, builder.Size);
        Assert.All(full, pair => Assert.Equal(whole[pair.Key].ToArray(), pair.Value));
        Assert.Equal(MerkleTiles.Between(size, leaves.Count).Count(static t => t.IsFull), full.Count);
        Assert.All(builder.PartialTiles(), tile => Assert.Equal(whole[tile].ToArray(), builder.Hashes(tile).ToArray()));
    }

    [Fact]
    public void A_builder_is_not_restored_from_a_tile_that_is_too_short() =>
        Assert.Throws<ArgumentException>(() => new MerkleTileBuilder(static (_, _) => { }).Restore(3, static _ => new byte[64]));

    [Fact]
    public void Runs_of_hashes_add_up_to_their_root()
    {
        var leaves = Leaves.Of(256);
        var root = new byte[32];
        for (var count = 1; count <= 256; count *= 2)
        {
            MerkleTiles.RootOf(Leaves256(leaves, count), root);
            Assert.Equal(MerkleTree.RootOf(leaves, 0, count), root);
        }

        Assert.Throws<ArgumentException>(() => MerkleTiles.RootOf(new byte[96], root));
        Assert.Throws<ArgumentException>(() => MerkleTiles.RootOf([], root));

        static byte[] Leaves256(List<byte[]> leaves, int count) => [.. leaves[..count].SelectMany(static leaf => leaf)];
    }
}
