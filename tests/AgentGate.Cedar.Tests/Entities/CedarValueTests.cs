using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Tests.Entities;

public sealed class CedarValueTests
{
    [Fact]
    public void Numbers_chosen_for_one_folded_hash_do_not_share_one()
    {
        // high ^ low is the same for all of these.
        var numbers = Enumerable.Range(1, 10_000).Select(i => new CedarLong(((long)i << 32) | (uint)i)).ToArray();

        Assert.True(numbers.Select(number => number.GetHashCode()).Distinct().Count() > 9_900);
        Assert.Equal(10_000, new CedarSet(numbers).Count);
    }

    [Fact]
    public void Sets_of_sets_of_nothing_differ_and_do_not_share_a_hash()
    {
        var sets = new List<CedarValue> { CedarSet.Empty };
        for (var i = 0; i < 8; i++)
        {
            sets.Add(new CedarSet(sets.ToArray()));
        }

        Assert.Equal(sets.Count, new CedarSet(sets).Count);
        Assert.Equal(sets.Count, sets.Select(set => set.GetHashCode()).Distinct().Count());
    }

    [Fact]
    public void Values_nested_too_deep_to_compare_are_refused()
    {
        static void Nest(Func<CedarValue, CedarValue> over)
        {
            CedarValue value = new CedarLong(1);
            for (var i = 0; i < 1_000_000; i++)
            {
                value = over(value);
            }
        }

        Assert.Throws<ArgumentException>(() => Nest(value => new CedarSet(value)));
        Assert.Throws<ArgumentException>(() => Nest(value => new CedarRecord(KeyValuePair.Create("a", value))));
    }

    [Fact]
    public void Equality_is_that_of_the_language()
    {
        CedarValue set = new CedarSet(new CedarLong(1), new CedarString("a"));
        Assert.True(set.Equals(new CedarSet(new CedarString("a"), new CedarLong(1), new CedarLong(1))));
        Assert.NotEqual<CedarValue>(new CedarLong(1), CedarBool.True);
        Assert.NotEqual<CedarValue>(new CedarLong(0), new CedarDecimal(0));
        Assert.NotEqual<CedarValue>(new CedarDatetime(0), new CedarDuration(0));
        Assert.NotEqual<CedarValue>(new CedarString("T::\"a\""), new EntityUid("T", "a"));
        Assert.NotEqual<CedarValue>(CedarRecord.Empty, CedarSet.Empty);
    }

    [Fact]
    public void Text_that_is_not_unicode_is_no_value()
    {
        Assert.Throws<ArgumentException>(() => new CedarString("a\ud800"));
        Assert.Throws<ArgumentException>(() => new EntityUid("T", "\udc00x"));
        Assert.Equal("\ud83d\ude00", new CedarString("\ud83d\ude00").Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("A::")]
    [InlineData("::A")]
    [InlineData("A:B")]
    [InlineData("A:::B")]
    [InlineData("A ::B")]
    [InlineData("1A")]
    [InlineData("in")]
    [InlineData("A::if")]
    [InlineData("__cedar")]
    [InlineData("Ä")]
    public void What_is_no_type_name_is_refused(string text) => Assert.False(EntityTypeName.TryParse(text, out _));
}
