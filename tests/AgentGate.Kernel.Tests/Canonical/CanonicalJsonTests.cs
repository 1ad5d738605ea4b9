using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Canonical;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Canonical;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}")]
    [InlineData(" [ 1 , true , null , \"\\u0061\\/\" ] ", "[1,true,null,\"a/\"]")]
    [InlineData("\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\\\u20ac\"", "\"\\u0000\\u001f\\b\\t\\n\\f\\r\\\"\\\\€\"")]
    [InlineData("{\"\\ud83d\\ude00\":1,\"\\ufb33\":2}", "{\"\ud83d\ude00\":1,\"\ufb33\":2}")]
    [InlineData("{}", "{}")]
    [InlineData("{\"a\":{\"z\":[{\"d\":1,\"c\":[]}],\"y\":{}}}", "{\"a\":{\"y\":{},\"z\":[{\"c\":[],\"d\":1}]}}")]
    public void A_document_has_one_form(string input, string expected)
        => Assert.Equal(expected, Canonical(input));

    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("4340000000000001", "9007199254740994")]
    [InlineData("4340000000000002", "9007199254740996")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Numbers_are_printed_as_ECMAScript_prints_them(string ieee, string expected)
    {
        var value = BitConverter.UInt64BitsToDouble(ulong.Parse(ieee, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        Assert.Equal(expected, Canonical(value.ToString("E17", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("{\"a\":1,\"\\u0061\":2}", 7)]
    [InlineData("[\"\\ud800\"]", 1)]
    [InlineData("{\"\\udc00\":1}", 1)]
    [InlineData("[1e400]", 1)]
    [InlineData("[-1e999]", 1)]
    [InlineData("[NaN]", 1)]
    [InlineData("[01]", 1)]
    [InlineData("[1,]", 3)]
    [InlineData("[1] 2", 4)]
    [InlineData("", 0)]
    [InlineData("[1 /* x */]", 3)]
    public void What_is_not_strict_JSON_is_refused_with_its_position(string input, int position)
    {
        var refusal = Assert.Throws<CanonicalJsonException>(() => Canonical(input));
        Assert.InRange(refusal.Position, position - 1, position + 1);
    }

    [Fact]
    public void Invalid_UTF8_and_a_byte_order_mark_are_refused()
    {
        Assert.Equal(2, Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Canonicalize([(byte)'[', (byte)'"', 0xC0, 0x80, (byte)'"', (byte)']'])).Position);
        Assert.Throws<CanonicalJsonException>(() => CanonicalJson.Canonicalize([0xEF, 0xBB, 0xBF, (byte)'1']));
    }

    [Fact]
    public void Nesting_is_accepted_up_to_the_limit_and_not_beyond()
    {
        var deepest = new string('[', CanonicalJson.MaxDepth) + new string(']', CanonicalJson.MaxDepth);
        Assert.Equal(deepest, Canonical(deepest));
        Assert.Throws<CanonicalJsonException>(() => Canonical("[" + deepest + "]"));
    }

    [Property(MaxTest = 400)]
    public void The_form_is_a_fixed_point_and_does_not_depend_on_order_or_spelling(int seed)
    {
        var random = new Random(seed);
        var document = Document(random, 4);
        var once = Canonical(document.ToJsonString());

        Assert.Equal(once, Canonical(once));
        Assert.Equal(once, Canonical(Shuffled(document, random)!.ToJsonString(new JsonSerializerOptions { WriteIndented = true })));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(once), JsonNode.Parse(document.ToJsonString())));
    }

    [Property(MaxTest = 2000)]
    public void Every_double_reads_back_as_itself(long bits)
    {
        var value = BitConverter.Int64BitsToDouble(bits * 0x2545F4914F6CDD1D);
        if (double.IsFinite(value))
        {
            var text = Canonical(value.ToString("R", CultureInfo.InvariantCulture));
            Assert.Equal(value, double.Parse(text, CultureInfo.InvariantCulture));
            Assert.DoesNotContain("E", text, StringComparison.Ordinal);
        }
    }

    private static string Canonical(string json) => Encoding.UTF8.GetString(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(json)));

    private static JsonObject Document(Random random, int depth)
    {
        var node = new JsonObject();
        for (var i = random.Next(6); i >= 0; i--)
        {
            node[Name(random)] = random.Next(depth > 0 ? 6 : 4) switch
            {
                0 => random.Next(),
                1 => random.NextDouble() * Math.Pow(10, random.Next(-20, 25)),
                2 => Name(random),
                3 => random.Next(2) == 0,
                4 => new JsonArray(Document(random, depth - 1), Name(random)),
                _ => Document(random, depth - 1),
            };
        }

        return node;
    }

    private static string Name(Random random)
        => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => new[] { "a", "Z", "\"", "\\", "\n", "\u0001", "é", "€", "\ud83d\ude00", "\ufb33", "0", "<" }[random.Next(12)]));

    private static JsonNode? Shuffled(JsonNode? node, Random random)
    {
        switch (node)
        {
            case JsonObject members:
                var pairs = members.ToArray();
                random.Shuffle(pairs);
                return new JsonObject(pairs.Select(p => KeyValuePair.Create(p.Key, Shuffled(p.Value, random))));
            case JsonArray items:
                return new JsonArray([.. items.Select(i => Shuffled(i, random))]);
            default:
                return node?.DeepClone();
        }
    }
}
