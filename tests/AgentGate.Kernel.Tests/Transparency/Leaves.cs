using System.Buffers.Binary;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Transparency;

/// <summary>Leaf hashes to build trees of, and tiles in memory.</summary>
internal static class Leaves
{
    public static List<byte[]> Of(int count, int salt = 0)
    {
        var leaves = new List<byte[]>(count);
        Span<byte> entry = stackalloc byte[8];
        for (var i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(entry, i);
            BinaryPrimitives.WriteInt32BigEndian(entry[4..], salt);
            leaves.Add(MerkleHash.Leaf(entry));
        }

        return leaves;
    }

    public static byte[] Path(IReadOnlyList<byte[]> hashes)
    {
        Assert.True(MerkleProof.TryConcat(hashes, out var path));
        return path;
    }

    /// <summary>The tiles of a tree: full ones as they were handed over, partial ones as they stand at the end.</summary>
    public sealed class Tiles : ITileSource
    {
        private readonly Dictionary<(int, long), byte[]> _tiles = [];

        public Tiles(IEnumerable<byte[]> leaves)
        {
            Builder = new MerkleTileBuilder((tile, hashes) =>
            {
                Assert.True(_tiles.TryAdd((tile.Level, tile.Index), hashes.ToArray()), $"{tile} was handed over twice");
                Assert.Equal(MerkleTiles.FullLength, hashes.Length);
                Full.Add(tile);
            });
            foreach (var leaf in leaves)
            {
                Builder.Append(leaf);
            }

            foreach (var tile in Builder.PartialTiles())
            {
                _tiles[(tile.Level, tile.Index)] = Builder.Hashes(tile).ToArray();
            }
        }

        public MerkleTileBuilder Builder { get; }

        public List<TileCoordinates> Full { get; } = [];

        public int Reads { get; private set; }

        public ReadOnlyMemory<byte> this[TileCoordinates tile]
        {
            get => _tiles.TryGetValue((tile.Level, tile.Index), out var hashes) ? hashes : default;
            set => _tiles[(tile.Level, tile.Index)] = value.ToArray();
        }

        public ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(TileCoordinates tile, CancellationToken cancellationToken)
        {
            Reads++;
            return ValueTask.FromResult(this[tile]);
        }
    }
}
