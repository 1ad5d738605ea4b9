using System.Text;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Tests.Entities;

/// <summary>Entities and contexts in JSON without a schema.</summary>
public sealed class EntitiesJsonTests
{
    [Theory]
    [InlineData("true", "true")]
    [InlineData("\"a\\u00e9\\ud83d\\ude00\"", "\"a\u00e9\ud83d\ude00\"")]
    [InlineData("9223372036854775807", "9223372036854775807")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    [InlineData("9007199254740993", "9007199254740993")]
    [InlineData("0", "0")]
    [InlineData("[]", "[]")]
    [InlineData("[1, \"a\", 1, [true]]", "[1, \"a\", [true]]")]
    [InlineData("{}", "{}")]
    [InlineData("{ \"b\": 1, \"a\": { \"c\": [] } }", "{\"a\": {\"c\": []}, \"b\": 1}")]
    [InlineData("{ \"__entity\": { \"type\": \"A::B\", \"id\": \"x\" } }", "A::B::\"x\"")]
    [InlineData("{ \"__entity\": { \"type\": \"A\", \"id\": \"\", \"more\": 1 } }", "A::\"\"")]
    [InlineData("{ \"type\": \"A\", \"id\": \"x\" }", "{\"id\": \"x\", \"type\": \"A\"}")]
    [InlineData("{ \"__entity\": { \"type\": \"A\", \"id\": \"x\" }, \"a\": 1 }", "{\"__entity\": {\"id\": \"x\", \"type\": \"A\"}, \"a\": 1}")]
    [InlineData("{ \"__entity\": { \"type\": \"A\" } }", "{\"__entity\": {\"type\": \"A\"}}")]
    [InlineData("{ \"__entity\": \"A\" }", "{\"__entity\": \"A\"}")]
    [InlineData("{ \"__extn\": { \"fn\": \"decimal\", \"arg\": \"1.50\" } }", "decimal(\"1.5000\")")]
    [InlineData("{ \"__extn\": { \"fn\": \"ip\", \"args\": [\"10.0.0.0/8\"] } }", "ip(\"10.0.0.0/8\")")]
    [InlineData("{ \"__extn\": { \"fn\": \"duration\", \"arg\": \"1h\" } }", "duration(\"3600000ms\")")]
    [InlineData("{ \"__extn\": { \"fn\": \"offset\", \"args\": [{ \"__extn\": { \"fn\": \"datetime\", \"arg\": \"1970-01-01\" } }, { \"__extn\": { \"fn\": \"duration\", \"arg\": \"5ms\" } }] } }", "datetime(\"1970-01-01T00:00:00.005Z\")")]
    [InlineData("{ \"__extn\": { \"fn\": \"isIpv4\", \"arg\": { \"__extn\": { \"fn\": \"ip\", \"arg\": \"::1\" } } } }", "false")]
    [InlineData("{ \"__extn\": { \"fn\": \"ip\" } }", "{\"__extn\": {\"fn\": \"ip\"}}")]
    [InlineData("{ \"__extn\": \"ip\" }", "{\"__extn\": \"ip\"}")]
    public void A_value_is_read(string json, string value)
        => Assert.Equal(value, Context($$"""{"v":{{json}}}""").Single().Value.ToString());

    [Theory]
    [InlineData("null", 6, "null is no Cedar value")]
    [InlineData("1.0", 6, "no integer of 64 bits")]
    [InlineData("1e3", 6, "no integer of 64 bits")]
    [InlineData("-0", 6, "no integer of 64 bits")]
    [InlineData("9223372036854775808", 6, "no integer of 64 bits")]
    [InlineData("-9223372036854775809", 6, "no integer of 64 bits")]
    [InlineData("[1, null]", 10, "null is no Cedar value")]
    [InlineData("{\"a\":1,\"a\":1}", 13, "\"a\" twice")]
    [InlineData("{\"__entity\":{\"type\":\"A B\",\"id\":\"\"}}", 26, "no entity type")]
    [InlineData("{\"__entity\":{\"type\":\"__cedar::A\",\"id\":\"\"}}", 26, "no entity type")]
    [InlineData("{\"__extn\":{\"fn\":\"ip\",\"arg\":\"1\"}}", 16, "`ip` cannot read the text")]
    [InlineData("{\"__extn\":{\"fn\":\"ip\",\"args\":[]}}", 16, "takes 1 arguments, not 0")]
    [InlineData("{\"__extn\":{\"fn\":\"ip\",\"arg\":1}}", 16, "is long, not string")]
    [InlineData("{\"__extn\":{\"fn\":\"eval\",\"arg\":\"1\"}}", 22, "no extension function")]
    [InlineData("{\"__expr\":\"1 + 1\"}", 7, "no longer read")]
    public void What_is_no_value_is_refused_where_it_stands(string json, int column, string message)
    {
        var problem = Assert.Single(Assert.Throws<EntityDataException>(() => Context($$"""{"v":{{json}}}""")).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((1, column), (problem.Line, problem.Column));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("{\"__entity\":{\"type\":\"A\",\"id\":\"\"}}")]
    [InlineData("{\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1.0\"}}")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{/**/}")]
    [InlineData("")]
    public void A_context_is_a_record(string json) => Assert.Throws<EntityDataException>(() => Context(json));

    [Fact]
    public void Entities_are_named_with_and_without_the_escape()
    {
        var store = Parse("""
            [
              { "uid": { "type": "A", "id": "x" }, "attrs": { "a": 1 }, "parents": [{ "__entity": { "type": "B", "id": "y" } }], "tags": { "t": "u" }, "comment": null },
              { "uid": { "__entity": { "type": "B", "id": "y" } }, "attrs": {}, "parents": [{ "type": "C", "id": "z" }, { "type": "C", "id": "z" }] }
            ]
            """);
        Assert.Equal(2, store.Count);
        Assert.True(store.IsIn(new EntityUid("A", "x"), new EntityUid("C", "z")));
        Assert.True(store.TryGet(new EntityUid("A", "x"), out var entity));
        Assert.Equal("{\"a\": 1}", entity.Attributes.ToString());
        Assert.Equal("{\"t\": \"u\"}", entity.Tags.ToString());
    }

    [Theory]
    [InlineData("{}", null, "an object stands where the entities are listed")]
    [InlineData("[1]", "[0]", "a number stands where an entity is described")]
    [InlineData("[{}]", "[0]", "has no `uid`")]
    [InlineData("[{\"uid\":\"A::\\\"x\\\"\",\"attrs\":{},\"parents\":[]}]", "[0].uid", "a string stands where an entity is named")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":1},\"attrs\":{},\"parents\":[]}]", "[0].uid", "an object stands where an entity is named")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"parents\":[]}]", "[0]", "has no `attrs`")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"attrs\":{}}]", "[0]", "has no `parents`")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"attrs\":[],\"parents\":[]}]", "[0].attrs", "`attrs` is an array")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"attrs\":{},\"parents\":{}}]", "[0].parents", "`parents` is an object")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"attrs\":{},\"parents\":[],\"tags\":null}]", "[0].tags", "`tags` is null")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"attrs\":{\"a\":{\"b c\":[1,null]}},\"parents\":[]}]", "[0].attrs.a.\"b c\"[1]", "null is no Cedar value")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"x\"},\"uid\":{\"type\":\"A\",\"id\":\"y\"},\"attrs\":{},\"parents\":[]}]", "[0].uid", "twice")]
    [InlineData("[{\"uid\":{\"type\":\"Action\",\"id\":\"x\"},\"attrs\":{},\"parents\":[{\"type\":\"A\",\"id\":\"y\"}]}]", "[0].parents[0]", "cannot be in `A::\"y\"`")]
    public void What_is_no_list_of_entities_is_refused_with_its_path(string json, string? path, string message)
    {
        var problem = Assert.Single(Assert.Throws<EntityDataException>(() => Parse(json)).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(path, problem.Path);
    }

    [Fact]
    public void The_same_entity_may_come_twice_and_two_of_one_name_may_not()
    {
        const string Entity = """{"uid":{"type":"A","id":"x"},"attrs":{},"parents":[]}""";
        Assert.Single(Parse($"[{Entity},{Entity}]"));
        Assert.Throws<EntityDataException>(() => Parse($"[{Entity},{Entity.Replace("{}", "{\"a\":1}", StringComparison.Ordinal)}]"));
    }

    [Fact]
    public void A_circle_of_parents_is_refused()
        => Assert.Throws<EntityDataException>(() => Parse("""[{"uid":{"type":"A","id":"x"},"attrs":{},"parents":[{"type":"A","id":"x"}]}]"""));

    [Fact]
    public void Nesting_is_bounded()
    {
        Assert.Contains("deeper than", Assert.Throws<EntityDataException>(() => Context($"{{\"v\":{new string('[', 100_000)}")).Message, StringComparison.Ordinal);
        Assert.NotNull(Context($"{{\"v\":{new string('[', 500)}{new string(']', 500)}}}"));
    }

    [Fact]
    public void A_message_shows_path_line_and_caret()
    {
        var problem = Assert.Single(Assert.Throws<EntityDataException>(() => Context("{\n  \"é\": 1,\n  \"age\": 1.5\n}")).Diagnostics);
        Assert.Equal("age", problem.Path);
        Assert.Equal("3 |   \"age\": 1.5\n  |          ^", problem.Snippet);
    }

    [Fact]
    public void A_record_that_would_read_as_an_escape_is_not_written()
    {
        var inner = new CedarRecord(KeyValuePair.Create("__entity", (CedarValue)CedarBool.True));
        Assert.Throws<EntityDataException>(() => EntitiesJson.WriteContext(inner));
        Assert.Throws<EntityDataException>(() => EntitiesJson.Write(EntityStore.Create(new Entity(new EntityUid("A", "")) { Attributes = new(KeyValuePair.Create("a", (CedarValue)inner)) })));
    }

    [Fact]
    public void A_value_too_deep_to_be_read_back_is_not_written()
    {
        CedarValue value = CedarBool.True;
        for (var i = 0; i < 1_000; i++)
        {
            value = new CedarSet(value);
        }

        Assert.Throws<EntityDataException>(() => EntitiesJson.WriteContext(new CedarRecord(KeyValuePair.Create("a", value))));
    }

    [Fact]
    public void A_datetime_outside_the_years_of_its_constructor_is_written_as_an_offset()
    {
        foreach (var milliseconds in new[] { long.MinValue, long.MaxValue, 0, -1 })
        {
            var context = new CedarRecord(KeyValuePair.Create("a", (CedarValue)new CedarDatetime(milliseconds)));
            Assert.Equal(context, EntitiesJson.ParseContext(EntitiesJson.WriteContext(context)));
        }
    }

    private static CedarRecord Context(string json) => EntitiesJson.ParseContext(Encoding.UTF8.GetBytes(json));

    private static EntityStore Parse(string json) => EntitiesJson.Parse(Encoding.UTF8.GetBytes(json));
}
