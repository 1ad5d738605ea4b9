using System.Collections.Immutable;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Delegation;

/// <summary>
/// The Merkle tree (RFC 9162 §2.1) over canonical facts in the ordinal order of their ids: one root names all of them, and
/// that a fact is there, or is not, can be shown without the others. Immutable and thread-safe; a change makes another one.
/// </summary>
public sealed class FactTree
{
    private readonly ImmutableArray<Leaf> _leaves;

    /// <summary>The hashes level by level, leaves first. Worked out when somebody first asks; losing a race costs doing it twice.</summary>
    private byte[][][]? _levels;
    private string? _root;

    private FactTree(ImmutableArray<Leaf> leaves) => _leaves = leaves;

    /// <summary>The tree without facts.</summary>
    public static FactTree Empty { get; } = new([]);

    /// <summary>How many facts there are.</summary>
    public long Size => _leaves.Length;

    /// <summary>The root, lower-case hex.</summary>
    public string Root => _root ??= Convert.ToHexStringLower(_leaves.IsEmpty ? MerkleHash.Empty : Levels[^1][0]);

    private byte[][][] Levels => _levels ??= Build([.. _leaves.Select(static leaf => leaf.Hash)]);

    /// <summary>A tree of facts in any order.</summary>
    /// <param name="facts">The facts: their id and canonical bytes.</param>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public static FactTree Create(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var leaves = facts.Select(static fact => Leaf.Of(fact.Key, fact.Value)).ToArray();
        Array.Sort(leaves, static (left, right) => string.CompareOrdinal(left.Id, right.Id));
        for (var i = 1; i < leaves.Length; i++)
        {
            if (leaves[i - 1].Id == leaves[i].Id)
            {
                throw new ArgumentException("A fact's id occurs twice.", nameof(facts));
            }
        }

        return new FactTree([.. leaves]);
    }

    /// <summary>This tree with one fact more. Facts that are there are not hashed again.</summary>
    /// <exception cref="ArgumentException">The id is there already.</exception>
    public FactTree With(string id, ReadOnlyMemory<byte> fact)
    {
        var at = IndexOf(id);
        return at < 0
            ? new FactTree(_leaves.Insert(~at, Leaf.Of(id, fact)))
            : throw new ArgumentException("A fact's id occurs twice.", nameof(id));
    }

    /// <summary>This tree without some facts; ids that are not there do not matter.</summary>
    public FactTree Without(IReadOnlySet<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new FactTree(_leaves.RemoveAll(leaf => ids.Contains(leaf.Id)));
    }

    /// <summary>Shows that a fact is there.</summary>
    /// <returns>The fact and its proof, or <see langword="null"/> where it is not.</returns>
    public ProvenFact? Present(string id) => IndexOf(id) is var at and >= 0 ? Prove(at) : null;

    /// <summary>Shows that a fact is not there, by the neighbours between which it would stand.</summary>
    /// <returns>None for an empty tree, one at an end, else two in order; <see langword="null"/> where the fact is there.</returns>
    public ImmutableArray<ProvenFact>? Absent(string id)
    {
        var at = IndexOf(id);
        if (at >= 0)
        {
            return null;
        }

        at = ~at;
        return [.. at > 0 ? [Prove(at - 1)] : Array.Empty<ProvenFact>(), .. at < _leaves.Length ? [Prove(at)] : Array.Empty<ProvenFact>()];
    }

    private ProvenFact Prove(int index) => new(_leaves[index].Fact, new FactProof(index, PathOf(index)));

    /// <summary>
    /// Level by level to the root. A last node without a neighbour is taken up as it is, which gives the tree of the RFC: its
    /// left side is the largest full one.
    /// </summary>
    private static byte[][][] Build(byte[][] leaves)
    {
        var levels = new List<byte[][]> { leaves };
        while (levels[^1] is { Length: > 1 } below)
        {
            var level = new byte[(below.Length + 1) / 2][];
            for (var i = 0; i < level.Length; i++)
            {
                var (left, right) = (2 * i, (2 * i) + 1);
                if (right == below.Length)
                {
                    level[i] = below[left];
                    continue;
                }

                MerkleHash.Node(below[left], below[right], level[i] = new byte[MerkleHash.Length]);
            }

            levels.Add(level);
        }

        return [.. levels];
    }

    private ImmutableArray<string> PathOf(int index)
    {
        var path = ImmutableArray.CreateBuilder<string>(Levels.Length);
        foreach (var level in Levels)
        {
            if ((index ^ 1) < level.Length)
            {
                path.Add(Convert.ToHexStringLower(level[index ^ 1]));
            }

            index >>= 1;
        }

        return path.ToImmutable();
    }

    private int IndexOf(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var (low, high) = (0, _leaves.Length - 1);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = string.CompareOrdinal(_leaves[middle].Id, id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private sealed record Leaf(string Id, ReadOnlyMemory<byte> Fact, byte[] Hash)
    {
        public static Leaf Of(string id, ReadOnlyMemory<byte> fact)
        {
            ArgumentException.ThrowIfNullOrEmpty(id);
            return new Leaf(id, fact, MerkleHash.Leaf(fact.Span));
        }
    }
}
