namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Remembers full tiles with the nodes above their hashes, so that the next proof through the same tile reads and hashes nothing. Full
/// tiles never change; partial ones are not kept. The tile used longest ago gives way. One cache belongs to one tree. Thread-safe.
/// </summary>
/// <param name="capacity">How many tiles are kept: 16 KiB each.</param>
public sealed class MerkleTileCache(int capacity = MerkleTileCache.DefaultCapacity)
{
    /// <summary>How many tiles are kept by default: 64, one MiB.</summary>
    public const int DefaultCapacity = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(int Level, long Index), Nodes> _tiles = [];
    private readonly LinkedList<(int Level, long Index)> _used = new();

    /// <summary>Finds a tile.</summary>
    internal Nodes? Find(int level, long index)
    {
        lock (_lock)
        {
            if (!_tiles.TryGetValue((level, index), out var nodes))
            {
                return null;
            }

            _used.Remove(nodes.Place);
            _used.AddFirst(nodes.Place);
            return nodes;
        }
    }

    /// <summary>Takes a full tile.</summary>
    internal Nodes Add(int level, long index, ReadOnlySpan<byte> hashes)
    {
        var nodes = new Nodes(hashes, (level, index));
        lock (_lock)
        {
            if (_tiles.TryAdd((level, index), nodes))
            {
                _used.AddFirst(nodes.Place);
                if (_tiles.Count > capacity)
                {
                    _tiles.Remove(_used.Last!.Value);
                    _used.RemoveLast();
                }
            }
        }

        return nodes;
    }

    /// <summary>A full tile and its inner nodes as a heap: the root at 1, the 256 hashes from 256 on.</summary>
    internal sealed class Nodes
    {
        private readonly byte[] _heap = new byte[2 * MerkleTiles.FullLength];

        public Nodes(ReadOnlySpan<byte> hashes, (int Level, long Index) key)
        {
            Place = new LinkedListNode<(int, long)>(key);
            hashes.CopyTo(_heap.AsSpan(MerkleTiles.FullLength));
            for (var node = TileCoordinates.FullWidth - 1; node >= 1; node--)
            {
                MerkleHash.Node(At(2 * node), At((2 * node) + 1), At(node));
            }
        }

        public LinkedListNode<(int Level, long Index)> Place { get; }

        public byte[] Subtree(int height, int position) => At((TileCoordinates.FullWidth >> height) + position).ToArray();

        private Span<byte> At(int node) => _heap.AsSpan(node * MerkleHash.Length, MerkleHash.Length);
    }
}
