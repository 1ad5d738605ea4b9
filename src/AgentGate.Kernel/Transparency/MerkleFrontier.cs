using System.Numerics;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// A tree that grows, of which only the right edge is kept: the roots of the complete subtrees its size is the sum of, one for each
/// bit set in the size. Appending costs two hashes on average and allocates nothing. Not thread-safe.
/// </summary>
public sealed class MerkleFrontier
{
    private const int LevelsMax = 63;

    // The root of the complete subtree of 2^level leaves lies at level * 32 while that bit of the size is set.
    private readonly byte[] _hashes = new byte[LevelsMax * MerkleHash.Length];

    /// <summary>Creates the frontier of the empty tree.</summary>
    public MerkleFrontier()
    {
    }

    /// <summary>Continues a tree.</summary>
    /// <param name="size">Its number of leaves.</param>
    /// <param name="rightEdge">The roots of its complete subtrees, the largest first, as <see cref="RightEdge"/> gives them.</param>
    /// <exception cref="ArgumentException">The number of hashes is not the number of bits set in the size, or one has not 32 bytes.</exception>
    public MerkleFrontier(long size, IReadOnlyList<byte[]> rightEdge)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentNullException.ThrowIfNull(rightEdge);
        if (rightEdge.Count != BitOperations.PopCount((ulong)size) || rightEdge.Any(static hash => hash.Length != MerkleHash.Length))
        {
            throw new ArgumentException($"A tree of {size} leaves has {BitOperations.PopCount((ulong)size)} hashes of {MerkleHash.Length} bytes at its right edge.", nameof(rightEdge));
        }

        Size = size;
        var next = 0;
        for (var level = LevelsMax - 1; level >= 0; level--)
        {
            if ((size >> level & 1) == 1)
            {
                rightEdge[next++].CopyTo(At(level));
            }
        }
    }

    /// <summary>The number of leaves.</summary>
    public long Size { get; private set; }

    /// <summary>Appends a leaf.</summary>
    /// <param name="leafHash">Its hash: 32 bytes.</param>
    /// <exception cref="ArgumentException">The hash does not have 32 bytes.</exception>
    public void Append(ReadOnlySpan<byte> leafHash)
    {
        if (leafHash.Length != MerkleHash.Length)
        {
            throw new ArgumentException($"A leaf hash has {MerkleHash.Length} bytes.", nameof(leafHash));
        }

        Span<byte> hash = stackalloc byte[MerkleHash.Length];
        leafHash.CopyTo(hash);
        var level = 0;
        for (; (Size >> level & 1) == 1; level++)
        {
            MerkleHash.Node(At(level), hash, hash);
        }

        hash.CopyTo(At(level));
        Size = checked(Size + 1);
    }

    /// <summary>Computes the root.</summary>
    /// <param name="destination">Receives 32 bytes.</param>
    public void Root(Span<byte> destination)
    {
        if (Size == 0)
        {
            MerkleHash.Empty.CopyTo(destination);
            return;
        }

        var level = BitOperations.TrailingZeroCount(Size);
        At(level).CopyTo(destination);
        for (level++; Size >> level != 0; level++)
        {
            if ((Size >> level & 1) == 1)
            {
                MerkleHash.Node(At(level), destination[..MerkleHash.Length], destination);
            }
        }
    }

    /// <summary>Computes the root.</summary>
    /// <returns>32 bytes.</returns>
    public byte[] Root()
    {
        var root = new byte[MerkleHash.Length];
        Root(root);
        return root;
    }

    /// <summary>What is kept: the roots of the complete subtrees, the largest first.</summary>
    /// <returns>As many copies as the size has bits set.</returns>
    public IReadOnlyList<byte[]> RightEdge()
    {
        var edge = new List<byte[]>();
        for (var level = LevelsMax - 1; level >= 0; level--)
        {
            if ((Size >> level & 1) == 1)
            {
                edge.Add(At(level).ToArray());
            }
        }

        return edge;
    }

    /// <summary>A frontier of its own at the same place, for what may have to be given up.</summary>
    /// <returns>The copy.</returns>
    public MerkleFrontier Clone()
    {
        var copy = new MerkleFrontier { Size = Size };
        _hashes.CopyTo(copy._hashes, 0);
        return copy;
    }

    private Span<byte> At(int level) => _hashes.AsSpan(level * MerkleHash.Length, MerkleHash.Length);
}
