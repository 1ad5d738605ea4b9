using System.Security.Cryptography;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class MerkleProofTests
{
    private const int SmallTree = 72;

    [Fact]
    public void Hashes_are_those_of_the_RFC()
    {
        Assert.Equal(SHA256.HashData([0]), MerkleHash.Leaf([]));
        Assert.Equal(SHA256.HashData([]), MerkleHash.Empty.ToArray());
        Assert.Equal(SHA256.HashData([0, .. new byte[5000]]), MerkleHash.Leaf(new byte[5000]));

        var (left, right, node) = (MerkleHash.Leaf([1]), MerkleHash.Leaf([2]), new byte[32]);
        MerkleHash.Node(left, right, node);
        Assert.Equal(SHA256.HashData([1, .. left, .. right]), node);
        Assert.Equal(node, MerkleTree.RootOf([left, right]));
        Assert.Throws<ArgumentException>(() => MerkleHash.Node(left, [1, 2], node));
    }

    [Fact]
    public void Every_leaf_of_every_small_tree_is_proven_and_nothing_else()
    {
        var leaves = Leaves.Of(SmallTree);
        for (var size = 1; size <= SmallTree; size++)
        {
            var tree = leaves[..size];
            var root = MerkleTree.RootOf(tree);
            for (var index = 0; index < size; index++)
            {
                var path = Leaves.Path(MerkleTree.InclusionPath(tree, index));
                Assert.True(MerkleProof.VerifyInclusion(tree[index], index, size, path, root));
                RefusesOtherInclusion(tree, index, path, root);
            }
        }
    }

    [Fact]
    public void Every_pair_of_small_trees_is_consistent_and_nothing_else()
    {
        var leaves = Leaves.Of(SmallTree);
        var roots = Enumerable.Range(0, SmallTree + 1).Select(size => MerkleTree.RootOf(leaves[..size])).ToList();
        for (var size = 1; size <= SmallTree; size++)
        {
            for (var old = 1; old <= size; old++)
            {
                var path = Leaves.Path(MerkleTree.ConsistencyPath(leaves[..size], old));
                Assert.True(MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], path));
                RefusesOtherConsistency(old, size, roots, path);
            }
        }
    }

    [Fact]
    public void Every_subtree_of_every_small_tree_is_proven_and_nothing_else()
    {
        var leaves = Leaves.Of(40);
        for (var size = 1; size <= leaves.Count; size++)
        {
            var root = MerkleTree.RootOf(leaves[..size]);
            for (var start = 0; start < size; start++)
            {
                for (var end = start + 1; end <= size; end++)
                {
                    var subtree = MerkleTree.RootOf(leaves, start, end);
                    if (!MerkleProof.IsSubtree((ulong)start, (ulong)end))
                    {
                        Assert.False(MerkleProof.VerifySubtreeConsistency((ulong)start, (ulong)end, (ulong)size, subtree, root, []));
                        continue;
                    }

                    var path = Leaves.Path(MerkleTree.SubtreePath(leaves[..size], start, end));
                    bool Verify(byte[] candidate) => MerkleProof.VerifySubtreeConsistency((ulong)start, (ulong)end, (ulong)size, subtree, root, candidate);
                    Assert.True(Verify(path), $"[{start}, {end}) of {size}");
                    Assert.False(Verify([.. path, .. root]));
                    Assert.False(path.Length > 0 && Verify(path[32..]));
                    Assert.False(path.Length > 0 && Verify(path[..^32]));
                    for (var i = 0; i < path.Length; i += 32)
                    {
                        Assert.False(Verify(Flipped(path, i, size + end)));
                    }

                    Assert.False(MerkleProof.VerifySubtreeConsistency((ulong)start, (ulong)end, (ulong)size, Flipped(subtree, 3, 1), root, path));
                    Assert.False(MerkleProof.VerifySubtreeConsistency((ulong)start, (ulong)end, (ulong)size, subtree, Flipped(root, 3, 1), path));
                }
            }
        }
    }

    [Fact]
    public void A_subtree_begins_at_a_multiple_of_its_rounded_length()
    {
        for (ulong start = 0; start < 70; start++)
        {
            for (var end = start; end < 140; end++)
            {
                ulong rounded = 1;
                while (rounded < end - start)
                {
                    rounded *= 2;
                }

                Assert.Equal(end > start && start % rounded == 0, MerkleProof.IsSubtree(start, end));
            }
        }

        Assert.True(MerkleProof.IsSubtree(0, ulong.MaxValue));
        Assert.True(MerkleProof.IsSubtree(1UL << 63, ulong.MaxValue));
        Assert.False(MerkleProof.IsSubtree(1, ulong.MaxValue));
        Assert.False(MerkleProof.IsSubtree(1, 9223372036854775810));
    }

    [Fact]
    public void A_leaf_of_a_subtree_is_proven_within_it_alone()
    {
        var leaves = Leaves.Of(64);
        var path = Leaves.Path(MerkleTree.InclusionPath(leaves[16..27], 5));
        var root = MerkleTree.RootOf(leaves, 16, 27);

        Assert.True(MerkleProof.VerifySubtreeInclusion(leaves[21], 21, 16, 27, path, root));
        Assert.False(MerkleProof.VerifySubtreeInclusion(leaves[21], 5, 0, 11, path, Flipped(root, 0, 1)));
        Assert.False(MerkleProof.VerifySubtreeInclusion(leaves[21], 27, 16, 27, path, root));
        Assert.False(MerkleProof.VerifySubtreeInclusion(leaves[21], 15, 16, 27, path, root));
        Assert.False(MerkleProof.VerifySubtreeInclusion(leaves[21], 21, 17, 28, path, root));
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_an_answer_never_an_exception(ulong a, ulong b, ulong c, byte[] leaf, byte[] path, byte[] root)
    {
        byte[] padded = [.. path, .. new byte[(32 - (path.Length % 32)) % 32]];
        foreach (var candidate in new[] { path, padded, [.. padded, .. padded, .. padded] })
        {
            _ = MerkleProof.VerifyInclusion(leaf, a, b, candidate, root);
            _ = MerkleProof.VerifyInclusion(MerkleHash.Empty, a, b, candidate, root);
            _ = MerkleProof.VerifyConsistency(a, b, MerkleHash.Empty, MerkleHash.Empty, candidate);
            _ = MerkleProof.VerifySubtreeConsistency(a, b, c, MerkleHash.Empty, root, candidate);
            _ = MerkleProof.VerifySubtreeInclusion(leaf, a, b, c, candidate, root);
            Assert.False(MerkleProof.VerifyInclusion(MerkleHash.Empty, a, a, candidate, root));
            Assert.False(MerkleProof.VerifyConsistency(0, b, MerkleHash.Empty, root, candidate));
        }
    }

    [Fact]
    public void Trees_near_the_largest_size_are_walked_to_their_end()
    {
        // The path of the last leaf of 2^64 - 1 has one left sibling for each bit set in its index: 63 of them.
        Span<byte> hash = stackalloc byte[32];
        MerkleHash.Empty.CopyTo(hash);
        var path = new byte[63 * 32];
        for (var i = 0; i < 63; i++)
        {
            path[i * 32] = (byte)i;
            MerkleHash.Node(path.AsSpan(i * 32, 32), hash, hash);
        }

        Assert.True(MerkleProof.VerifyInclusion(MerkleHash.Empty, ulong.MaxValue - 1, ulong.MaxValue, path, hash));
        Assert.False(MerkleProof.VerifyInclusion(MerkleHash.Empty, ulong.MaxValue - 1, ulong.MaxValue, path.AsSpan(32), hash));
        Assert.False(MerkleProof.VerifyInclusion(MerkleHash.Empty, -2, -1, path, hash));
        Assert.True(MerkleProof.VerifySubtreeConsistency(ulong.MaxValue - 1, ulong.MaxValue, ulong.MaxValue, MerkleHash.Empty, hash, path));
    }

    [Property(MaxTest = 20)]
    public void Large_trees_agree_with_the_definition(uint seed)
    {
        var size = (int)(seed % 100_000) + 1;
        var leaves = Leaves.Of(size);
        var root = MerkleTree.RootOf(leaves);
        var (index, old) = ((int)(seed / 3 % (uint)size), (int)(seed / 7 % (uint)size) + 1);

        var inclusion = Leaves.Path(MerkleTree.InclusionPath(leaves, index));
        var consistency = Leaves.Path(MerkleTree.ConsistencyPath(leaves, old));

        Assert.True(MerkleProof.VerifyInclusion(leaves[index], index, size, inclusion, root));
        Assert.True(MerkleProof.VerifyConsistency(old, size, MerkleTree.RootOf(leaves, 0, old), root, consistency));
        RefusesOtherInclusion(leaves, index, inclusion, root);
        Assert.False(consistency.Length > 0 && MerkleProof.VerifyConsistency(
            old, size, MerkleTree.RootOf(leaves, 0, old), root, Flipped(consistency, (int)(seed % (uint)consistency.Length), index)));
    }

    [Fact]
    public void Verifying_allocates_nothing()
    {
        var leaves = Leaves.Of(1000);
        var path = Leaves.Path(MerkleTree.InclusionPath(leaves, 321));
        var consistency = Leaves.Path(MerkleTree.ConsistencyPath(leaves, 321));
        var (root, old) = (MerkleTree.RootOf(leaves), MerkleTree.RootOf(leaves, 0, 321));
        var good = true;
        for (var i = 0; i < 50; i++)
        {
            good &= MerkleProof.VerifyInclusion(leaves[321], 321, 1000, path, root) && MerkleProof.VerifyConsistency(321, 1000, old, root, consistency);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        good &= MerkleProof.VerifyInclusion(leaves[321], 321, 1000, path, root) && MerkleProof.VerifyConsistency(321, 1000, old, root, consistency);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(good);
    }

    [Fact]
    public void A_list_of_hashes_of_another_length_is_no_path()
    {
        Assert.True(MerkleProof.TryConcat([new byte[32], new byte[32]], out var path));
        Assert.Equal(64, path.Length);
        Assert.False(MerkleProof.TryConcat([new byte[31], new byte[33]], out _));
        Assert.False(MerkleProof.TryConcat([.. Enumerable.Repeat(new byte[32], MerkleProof.HashesMax + 1)], out _));
    }

    private static void RefusesOtherInclusion(List<byte[]> tree, int index, byte[] path, byte[] root)
    {
        var (leaf, size) = (tree[index], tree.Count);
        Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, [.. path, .. root], root));
        Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, [.. path, 0], root));
        Assert.False(MerkleProof.VerifyInclusion(Flipped(leaf, index % 32, index), index, size, path, root));
        Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, path, Flipped(root, index % 32, size)));
        Assert.False(MerkleProof.VerifyInclusion(leaf, size, size, path, root));
        Assert.False(index > 0 && MerkleProof.VerifyInclusion(leaf, index - 1, size, path, root));
        Assert.False(index + 1 < size && MerkleProof.VerifyInclusion(leaf, index + 1, size, path, root));
        if (path.Length > 0)
        {
            Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, path.AsSpan(32), root));
            Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, path.AsSpan(..^32), root));
            for (var i = 0; i < path.Length; i += 32)
            {
                Assert.False(MerkleProof.VerifyInclusion(leaf, index, size, Flipped(path, i + (index % 32), size), root));
            }
        }
    }

    private static void RefusesOtherConsistency(int old, int size, List<byte[]> roots, byte[] path)
    {
        Assert.False(MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], [.. path, .. roots[old]]));
        Assert.False(MerkleProof.VerifyConsistency(old, size, Flipped(roots[old], 1, old), roots[size], path));
        Assert.False(MerkleProof.VerifyConsistency(old, size, roots[old], Flipped(roots[size], 1, old), path));
        Assert.False(old != size && MerkleProof.VerifyConsistency(old, size, roots[size], roots[old], path));
        Assert.False(MerkleProof.VerifyConsistency(old, old - 1, roots[old], roots[old - 1], path));
        Assert.False(old > 1 && MerkleProof.VerifyConsistency(old - 1, size, roots[old], roots[size], path));
        for (var i = 0; i < path.Length; i += 32)
        {
            Assert.False(MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], Flipped(path, i, old)));
        }

        Assert.False(path.Length > 0 && MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], path.AsSpan(..^32)));
        Assert.False(path.Length > 0 && MerkleProof.VerifyConsistency(old, size, roots[old], roots[size], path.AsSpan(32)));
    }

    private static byte[] Flipped(byte[] bytes, int position, int bit)
    {
        var copy = bytes.ToArray();
        copy[position] ^= (byte)(1 << (bit & 7));
        return copy;
    }
}
