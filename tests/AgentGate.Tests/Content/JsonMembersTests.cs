using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Content;

public sealed class JsonMembersTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", """{"a":"b","max":7}""")]
    [InlineData("""{}""", """{"max":7}""")]
    [InlineData("""{ "max" : 1234567 , "a":"b"}""", """{ "max" : 7 , "a":"b"}""")]
    [InlineData("""{"max":null}""", """{"max":7}""")]
    public void A_number_is_set_where_one_stands_or_added(string json, string expected)
        => Assert.Equal(expected, Apply(json, new ContentChange.SetNumber("max", 7)));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"o":{"f":true}}""")]
    [InlineData("""{"o":null,"a":1}""", """{"o":{"f":true},"a":1}""")]
    [InlineData("""{"o":{}}""", """{"o":{"f":true}}""")]
    [InlineData("""{"o":{"f": false, "g":2}}""", """{"o":{"f": true, "g":2}}""")]
    public void A_flag_is_set_in_its_object_or_both_are_added(string json, string expected)
        => Assert.Equal(expected, Apply(json, new ContentChange.SetFlag("o", "f")));

    [Theory]
    [InlineData("""{"max":"7"}""")]
    [InlineData("""{"max":{}}""")]
    [InlineData("""{"max":true}""")]
    public void What_is_no_number_is_not_replaced(string json)
        => Assert.Throws<ArgumentException>(() => Apply(json, new ContentChange.SetNumber("max", 7)));

    [Theory]
    [InlineData("""{"o":1}""")]
    [InlineData("""{"o":{"f":1}}""")]
    public void What_is_no_flag_is_not_replaced(string json)
        => Assert.Throws<ArgumentException>(() => Apply(json, new ContentChange.SetFlag("o", "f")));

    [Fact]
    public void A_negative_number_cannot_be_set()
        => Assert.Throws<ArgumentException>(() => Apply("{}", new ContentChange.SetNumber("max", -1)));

    [Fact]
    public void The_last_number_counts_and_texts_changed_before_and_after_stay()
    {
        var content = GateFixture.Json("""{"a":"one","b":"two"}""");

        var changed = content.Apply([new ContentChange.ReplaceText(1, "ONE")])
            .Apply([new ContentChange.SetNumber("max", 1)])
            .Apply([new ContentChange.SetNumber("max", 2), new ContentChange.SetFlag("o", "f")])
            .Apply([new ContentChange.ReplaceText(3, "TWO")]);

        Assert.Equal("""{"a":"ONE","b":"TWO","max":2,"o":{"f":true}}""", GateFixture.Utf8(changed));
        Assert.Equal("""{"a":"one","b":"two"}""", GateFixture.Utf8(content));
    }

    private static string Apply(string json, ContentChange change)
        => Encoding.UTF8.GetString(GateFixture.Json(json).Apply([change]).ToUtf8().Span);
}
