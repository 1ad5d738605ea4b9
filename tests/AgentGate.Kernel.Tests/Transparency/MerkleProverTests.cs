using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class MerkleProverTests
{
    private const int LargeTree = 70_000;

    private static readonly List<byte[]> Large = Leaves.Of(LargeTree);
    private static readonly Leaves.Tiles LargeTiles = new(Large);

    [Fact]
    public async Task Every_proof_of_every_small_tree_is_the_one_of_the_definition()
    {
        const int Size = 70;
        var leaves = Leaves.Of(Size);
        var prover = new MerkleProver(new Leaves.Tiles(leaves));
        for (var size = 0; size <= Size; size++)
        {
            var tree = leaves[..size];
            Assert.Equal(MerkleTree.RootOf(tree), await prover.RootAsync(size));
            Assert.Empty(await prover.ConsistencyAsync(0, size));
            for (var index = 0; index < size; index++)
            {
                Assert.Equal(MerkleTree.InclusionPath(tree, index), await prover.InclusionAsync(index, size));
                Assert.Equal(MerkleTree.ConsistencyPath(tree, index + 1), await prover.ConsistencyAsync(index + 1, size));
            }
        }
    }

    [Property(MaxTest = 15)]
    public async Task Proofs_of_large_trees_are_those_of_the_definition_with_and_without_a_cache(uint seed)
    {
        var size = (int)(seed % LargeTree) + 1;
        var (index, old) = ((int)(seed / 3 % (uint)size), (int)(seed / 7 % (uint)size) + 1);
        var tree = Large[..size];
        var inclusion = MerkleTree.InclusionPath(tree, index);
        var consistency = MerkleTree.ConsistencyPath(tree, old);

        foreach (var prover in new[] { new MerkleProver(LargeTiles), new MerkleProver(LargeTiles, new MerkleTileCache(2)) })
        {
            Assert.Equal(MerkleTree.RootOf(tree), await prover.RootAsync(size));
            for (var again = 0; again < 2; again++)
            {
                Assert.Equal(inclusion, await prover.InclusionAsync(index, size));
                Assert.Equal(consistency, await prover.ConsistencyAsync(old, size));
            }
        }
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(LargeTree)]
    public async Task Proofs_at_the_edges_of_tiles_verify(int size)
    {
        var prover = new MerkleProver(LargeTiles, new MerkleTileCache());
        var root = await prover.RootAsync(size);
        foreach (var index in new[] { 0, 1, 254, 255, 256, size / 2, size - 2, size - 1 }.Where(i => i < size))
        {
            var inclusion = Leaves.Path(await prover.InclusionAsync(index, size));
            var old = await prover.RootAsync(index + 1);
            var consistency = Leaves.Path(await prover.ConsistencyAsync(index + 1, size));

            Assert.True(MerkleProof.VerifyInclusion(Large[index], index, size, inclusion, root));
            Assert.True(MerkleProof.VerifyConsistency(index + 1, size, old, root, consistency));
        }
    }

    [Fact]
    public async Task A_cache_spares_reading_full_tiles_again()
    {
        var tiles = new Leaves.Tiles(Leaves.Of(1000));
        var prover = new MerkleProver(tiles, new MerkleTileCache());

        _ = await prover.InclusionAsync(10, 768);
        var first = tiles.Reads;
        _ = await prover.InclusionAsync(11, 768);

        Assert.InRange(first, 1, 8);
        Assert.InRange(tiles.Reads - first, 0, 3);
    }

    [Fact]
    public async Task A_missing_or_short_tile_is_named()
    {
        var tiles = new Leaves.Tiles(Leaves.Of(600)) { [new TileCoordinates(0, 1, 256)] = new byte[64] };

        var missing = await Assert.ThrowsAsync<TileUnavailableException>(async () => await new MerkleProver(tiles).RootAsync(700));
        var cut = await Assert.ThrowsAsync<TileUnavailableException>(async () => await new MerkleProver(tiles).InclusionAsync(300, 600));

        Assert.Contains("tile/0/002", missing.Message, StringComparison.Ordinal);
        Assert.Contains("tile/0/001", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_in_the_tree_has_no_proof()
    {
        var prover = new MerkleProver(LargeTiles);

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await prover.InclusionAsync(5, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await prover.InclusionAsync(-1, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await prover.ConsistencyAsync(6, 5));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await prover.RootAsync(-1));
    }
}
