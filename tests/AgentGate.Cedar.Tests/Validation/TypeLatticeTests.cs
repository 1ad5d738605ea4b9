using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Validation;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Cedar.Tests.Validation;

/// <summary>The laws of subtypes and joins.</summary>
public sealed class TypeLatticeTests
{
    [Property(Arbitrary = [typeof(Types)])]
    public void Every_type_is_a_subtype_of_itself_and_joins_with_itself(CedarType type, bool isStrict)
    {
        var lattice = new TypeLattice(isStrict);

        Assert.True(lattice.IsSubtype(type, type));
        Assert.Equal(type, lattice.Join(type, type, out _));
        Assert.Equal(type, lattice.Join(CedarType.Never, type, out _));
    }

    [Property(Arbitrary = [typeof(Types)])]
    public void A_join_covers_both_and_the_order_does_not_matter(CedarType left, CedarType right, bool isStrict)
    {
        var lattice = new TypeLattice(isStrict);

        var joined = lattice.Join(left, right, out _);

        Assert.Equal(joined, lattice.Join(right, left, out _));
        Assert.True(joined is null || (lattice.IsSubtype(left, joined) && lattice.IsSubtype(right, joined)));
    }

    [Property(Arbitrary = [typeof(Types)])]
    public void Subtypes_of_subtypes_are_subtypes(CedarType one, CedarType two, CedarType three, bool isStrict)
    {
        var lattice = new TypeLattice(isStrict);

        Assert.True(!lattice.IsSubtype(one, two) || !lattice.IsSubtype(two, three) || lattice.IsSubtype(one, three));
        Assert.True(!lattice.IsSubtype(one, two) || !lattice.IsSubtype(two, one) || one.Equals(two));
    }

    [Property(Arbitrary = [typeof(Types)])]
    public void What_strict_validation_takes_together_permissive_validation_takes_too(CedarType left, CedarType right)
    {
        var (strict, permissive) = (new TypeLattice(isStrict: true), new TypeLattice(isStrict: false));

        Assert.True(!strict.IsSubtype(left, right) || permissive.IsSubtype(left, right));
        Assert.True(strict.Join(left, right, out _) is null || permissive.Join(left, right, out _) is not null);
    }

    [Property(Arbitrary = [typeof(Types)])]
    public void Equal_types_have_one_hash_and_one_name(CedarType left, CedarType right)
    {
        var copy = Types.Copy(left);

        Assert.Equal(left, copy);
        Assert.Equal(left.GetHashCode(), copy.GetHashCode());
        Assert.Equal(left.ToString(), copy.ToString());
        Assert.True(left.Equals(right) || left.ToString() != right.ToString());
    }

    private static class Types
    {
        private static readonly EntityTypeName[] Names = [EntityTypeName.Parse("A"), EntityTypeName.Parse("B"), EntityTypeName.Parse("N::C")];

        public static Arbitrary<CedarType> Type() => Gen.Sized(static size => Any(Math.Min(size, 4))).ToArbitrary();

        public static CedarType Copy(CedarType type) => type switch
        {
            CedarType.SetType set => new CedarType.SetType(Copy(set.Element!)),
            CedarType.RecordType record => new CedarType.RecordType(
                record.Attributes.ToImmutableSortedDictionary(static a => a.Key, static a => new AttributeType(Copy(a.Value.Type), a.Value.IsRequired), StringComparer.Ordinal),
                record.IsOpen),
            CedarType.EntityType entity => new CedarType.EntityType([.. entity.Types]),
            CedarType.ExtensionType extension => new CedarType.ExtensionType(extension.Kind),
            _ => type,
        };

        private static Gen<CedarType> Any(int size)
        {
            Gen<CedarType> leaf = Gen.OneOf(
                Gen.Elements(CedarType.Bool, CedarType.True, CedarType.False, CedarType.Long, CedarType.String),
                Gen.Elements(CedarValueKind.IpAddress, CedarValueKind.Datetime).Select(static CedarType (kind) => new CedarType.ExtensionType(kind)),
                Gen.SubListOf(Names).Where(static names => names.Count > 0).Select(static CedarType (names) => new CedarType.EntityType([.. names])));
            return size == 0
                ? leaf
                : Gen.OneOf(
                    leaf,
                    Any(size / 2).Select(static CedarType (element) => new CedarType.SetType(element)),
                    Gen.SubListOf("a", "b", "c").SelectMany(names => Gen.Zip(
                        Gen.Zip(Any(size / 2), Gen.Elements(true, false)).ListOf(names.Count), Gen.Elements(true, false)).Select(CedarType (parts) => new CedarType.RecordType(
                            names.Zip(parts.Item1).ToImmutableSortedDictionary(static p => p.First, static p => new AttributeType(p.Second.Item1, p.Second.Item2), StringComparer.Ordinal),
                            parts.Item2))));
        }
    }
}
