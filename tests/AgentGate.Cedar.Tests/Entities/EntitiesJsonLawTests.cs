using AgentGate.Cedar.Entities;
using FsCheck.Xunit;

namespace AgentGate.Cedar.Tests.Entities;

/// <summary>What holds of every value: written and read it is the same.</summary>
public sealed class EntitiesJsonLawTests
{
    private static readonly string[] s_texts = ["", "a", "a b", "\"\\", "\u00e9\ud83d\ude00", "\0\u202e\u2028", "type", "id", "fn", "arg", "__extn2"];
    private static readonly long[] s_numbers = [0, 1, -1, long.MinValue, long.MaxValue, 9_007_199_254_740_993, -62_135_596_800_000, 253_402_300_799_999, 253_402_300_800_000];

    [Property(MaxTest = 2_000)]
    public void A_context_that_is_written_reads_back_the_same(int seed)
    {
        var context = NewRecord(new Random(seed), 4);
        Assert.Equal(context, EntitiesJson.ParseContext(EntitiesJson.WriteContext(context)));
    }

    [Property(MaxTest = 500)]
    public void Entities_that_are_written_read_back_the_same(int seed)
    {
        var random = new Random(seed);
        var entities = Enumerable.Range(0, random.Next(6)).Select(i => new Entity(new EntityUid("A::B", $"{i}{s_texts[random.Next(s_texts.Length)]}"))
        {
            Attributes = NewRecord(random, 3),
            Tags = NewRecord(random, 2),
            Parents = [.. Enumerable.Range(0, random.Next(3)).Select(parent => new EntityUid("C", s_texts[parent]))],
        }).ToList();
        var again = EntitiesJson.Parse(EntitiesJson.Write(EntityStore.Create(entities)));
        Assert.Equal(entities.Count, again.Count);
        foreach (var entity in entities)
        {
            Assert.True(again.TryGet(entity.Uid, out var other));
            Assert.Equal((entity.Attributes, entity.Tags), (other.Attributes, other.Tags));
            Assert.Equal(entity.Parents, other.Parents);
        }
    }

    private static CedarRecord NewRecord(Random random, int depth)
        => new(s_texts.Where(_ => random.Next(3) == 0).Select(name => KeyValuePair.Create(name, NewValue(random, depth - 1))));

    private static CedarValue NewValue(Random random, int depth)
    {
        var number = random.Next(2) == 0 ? s_numbers[random.Next(s_numbers.Length)] : random.NextInt64(long.MinValue, long.MaxValue);
        var text = s_texts[random.Next(s_texts.Length)];
        return random.Next(depth > 0 ? 10 : 8) switch
        {
            0 => CedarBool.Of(number > 0),
            1 => new CedarLong(number),
            2 => new CedarString(text),
            3 => new EntityUid("T", text),
            4 => new CedarDecimal(number),
            5 => new CedarDatetime(number),
            6 => new CedarDuration(number),
            7 => CedarIpAddress.TryParse(number % 2 == 0 ? $"{(byte)number}.0.0.{(byte)(number >> 8)}/{(byte)number % 33}" : $"{(ushort)number:x}::{(ushort)(number >> 16):x}/{(byte)number % 129}", out var address)
                ? address : throw new InvalidOperationException("a bad address"),
            8 => new CedarSet(Enumerable.Range(0, random.Next(4)).Select(_ => NewValue(random, depth - 1))),
            _ => NewRecord(random, depth),
        };
    }
}
