using System.Text;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Transparency;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Delegation;

public sealed class FactTreeTests
{
    /// <summary>Even numbers are there, odd ones are not.</summary>
    private static Arbitrary<(int Size, int Pick)> Sizes
        => (from size in Gen.Choose(0, 70) from pick in Gen.Choose(0, Math.Max(0, (2 * size) + 1)) select (size, pick)).ToArbitrary();

    private static byte[] Fact(string id) => Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}""");

    private static KeyValuePair<string, ReadOnlyMemory<byte>> Pair(int number)
        => new(Grants.Id(number), Fact(Grants.Id(number)));

    private static FactTree Tree(int size) => FactTree.Create(Enumerable.Range(0, size).Reverse().Select(static i => Pair(2 * i)));

    [Property]
    public Property The_root_is_that_of_the_RFCs_tree_over_the_sorted_facts()
        => Prop.ForAll(Sizes, static one =>
            Tree(one.Size).Root == Convert.ToHexStringLower(
                MerkleTree.RootOf([.. Enumerable.Range(0, one.Size).Select(static i => MerkleHash.Leaf(Fact(Grants.Id(2 * i))))])));

    [Property]
    public Property However_a_tree_came_about_its_root_is_the_same()
        => Prop.ForAll(Sizes, static one =>
        {
            var grown = Enumerable.Range(0, one.Size).Reverse().Aggregate(FactTree.Empty, static (tree, i) => tree.With(Pair(2 * i).Key, Pair(2 * i).Value));
            var shrunk = Tree(one.Size).With(Grants.Id(1), Fact(Grants.Id(1))).Without(new HashSet<string> { Grants.Id(1), Grants.Id(3) });
            return grown.Root == Tree(one.Size).Root && shrunk.Root == grown.Root && shrunk.Size == one.Size;
        });

    [Property(MaxTest = 500)]
    public Property A_fact_is_shown_to_be_there_or_not_to_be_there_and_never_both()
        => Prop.ForAll(Sizes, static one =>
        {
            var (tree, id) = (Tree(one.Size), Grants.Id(one.Pick));
            var there = one.Pick % 2 == 0 && one.Pick < 2 * one.Size;
            return there
                ? tree.Absent(id) is null && FactProofs.VerifyPresent(tree.Root, tree.Size, id, tree.Present(id)!)
                : tree.Present(id) is null && FactProofs.VerifyAbsent(tree.Root, tree.Size, id, tree.Absent(id)!.Value);
        });

    [Property(MaxTest = 300)]
    public Property Every_changed_bit_of_a_proof_makes_it_fail()
        => Prop.ForAll(Sizes, Gen.Choose(0, int.MaxValue).ToArbitrary(), static (one, noise) =>
        {
            if (one.Size == 0)
            {
                return true;
            }

            var tree = Tree(one.Size);
            var id = Grants.Id(2 * (noise % one.Size));
            var shown = tree.Present(id)!;
            return Changes(shown, noise).All(wrong => !FactProofs.VerifyPresent(tree.Root, tree.Size, id, wrong))
                && !FactProofs.VerifyPresent(Flip(tree.Root, noise), tree.Size, id, shown)
                && !FactProofs.VerifyPresent(tree.Root, tree.Size, Grants.Id(1), shown)
                && !FactProofs.VerifyPresent(tree.Root, shown.Proof.Index, id, shown)
                && !FactProofs.VerifyPresent(tree.Root, tree.Size, id, shown with { Proof = shown.Proof with { Path = [.. shown.Proof.Path, tree.Root] } });
        });

    [Property(MaxTest = 300)]
    public Property Nobody_can_show_that_a_fact_which_is_there_is_not()
        => Prop.ForAll(Sizes, Gen.Choose(0, int.MaxValue).ToArbitrary(), static (one, noise) =>
        {
            if (one.Size == 0)
            {
                return true;
            }

            // Every proof the tree can give, in every combination of one or two: none shows that the fact is absent.
            var tree = Tree(one.Size);
            var id = Grants.Id(2 * (noise % one.Size));
            var shown = Enumerable.Range(0, one.Size).Select(i => tree.Present(Grants.Id(2 * i))!).ToArray();
            return !FactProofs.VerifyAbsent(tree.Root, tree.Size, id, [])
                && shown.All(first => !FactProofs.VerifyAbsent(tree.Root, tree.Size, id, [first]))
                && shown.All(first => shown.Take(12).All(second => !FactProofs.VerifyAbsent(tree.Root, tree.Size, id, [first, second])));
        });

    [Fact]
    public void An_absence_needs_the_neighbours_and_nothing_else()
    {
        var tree = Tree(3);
        var neighbours = tree.Absent(Grants.Id(1))!.Value;

        Assert.Equal(2, neighbours.Length);
        Assert.True(FactProofs.VerifyAbsent(tree.Root, 3, Grants.Id(1), neighbours));
        Assert.False(FactProofs.VerifyAbsent(tree.Root, 3, Grants.Id(1), [neighbours[0]]));
        Assert.False(FactProofs.VerifyAbsent(tree.Root, 3, Grants.Id(1), [neighbours[1], neighbours[0]]));
        Assert.False(FactProofs.VerifyAbsent(tree.Root, 3, Grants.Id(1), [neighbours[0], tree.Present(Grants.Id(4))!]));
        Assert.False(FactProofs.VerifyAbsent(tree.Root, 3, Grants.Id(3), neighbours));
        Assert.Single(tree.Absent(Grants.Id(5))!.Value);
        Assert.Empty(FactTree.Empty.Absent(Grants.Id(5))!.Value);
    }

    [Fact]
    public void Nothing_is_absent_from_a_tree_whose_size_is_lied_about()
    {
        Assert.False(FactProofs.VerifyAbsent(Tree(3).Root, 0, Grants.Id(0), []));
        Assert.True(FactProofs.VerifyAbsent(FactTree.Empty.Root, 0, Grants.Id(0), []));
    }

    [Fact]
    public void A_fact_in_another_spelling_names_nothing()
    {
        var loose = Encoding.UTF8.GetBytes("""{ "id": "b" }""");
        var tree = FactTree.Create([new("b", loose)]);

        Assert.False(FactProofs.VerifyPresent(tree.Root, 1, "b", tree.Present("b")!));
        Assert.False(FactProofs.VerifyAbsent(tree.Root, 1, "a", [tree.Present("b")!]));
    }

    [Fact]
    public void An_id_that_occurs_twice_is_refused()
    {
        Assert.Throws<ArgumentException>(() => FactTree.Create([Pair(1), Pair(1)]));
        Assert.Throws<ArgumentException>(() => Tree(1).With(Grants.Id(0), Fact(Grants.Id(0))));
    }

    private static IEnumerable<ProvenFact> Changes(ProvenFact shown, int noise)
    {
        var fact = shown.Fact.ToArray();
        fact[noise % fact.Length] ^= (byte)(1 << (noise % 8));
        yield return shown with { Fact = fact };
        yield return shown with { Proof = shown.Proof with { Index = shown.Proof.Index ^ 1 } };
        yield return shown with { Proof = shown.Proof with { Index = -1 } };
        for (var i = 0; i < shown.Proof.Path.Length; i++)
        {
            var path = shown.Proof.Path;
            yield return shown with { Proof = shown.Proof with { Path = path.SetItem(i, Flip(path[i], noise)) } };
            if (path[i].AsSpan().ContainsAnyInRange('a', 'f'))
            {
                yield return shown with { Proof = shown.Proof with { Path = path.SetItem(i, path[i].ToUpperInvariant()) } };
            }

            yield return shown with { Proof = shown.Proof with { Path = path.RemoveAt(i) } };
        }
    }

    private static string Flip(string hex, int noise)
    {
        var bytes = Convert.FromHexString(hex);
        bytes[noise % bytes.Length] ^= (byte)(1 << (noise % 8));
        return Convert.ToHexStringLower(bytes);
    }
}
