using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Tests.Entities;

/// <summary>Entities and contexts in JSON, read by the types of a schema.</summary>
public sealed class EntitiesWithSchemaTests
{
    private static readonly CedarSchema s_schema = CedarSchema.Parse("""
        entity Color enum ["red", "green"];
        entity Org;
        entity Team in [Team, Org];
        entity Plain;
        entity User in [Team] {
          age: Long, name?: String, ok?: Bool, boss?: User, color?: Color, ip?: ipaddr, fee?: decimal, since?: datetime, ttl?: duration,
          ips?: Set<ipaddr>, bosses?: Set<User>, home?: { city: String, ip?: ipaddr }, act?: Action,
        } tags Set<ipaddr>;
        action all;
        action edit in all;
        action write in edit appliesTo { principal: User, resource: Plain, context: { ip: ipaddr, boss?: User, n?: Long, deep?: { a: Set<decimal> } } };
        """);

    [Theory]
    [InlineData("\"age\": 1", "{\"age\": 1}")]
    [InlineData("\"age\": 1, \"boss\": {\"type\":\"User\",\"id\":\"b\"}", "{\"age\": 1, \"boss\": User::\"b\"}")]
    [InlineData("\"age\": 1, \"boss\": {\"__entity\":{\"type\":\"User\",\"id\":\"b\"}}", "{\"age\": 1, \"boss\": User::\"b\"}")]
    [InlineData("\"age\": 1, \"ip\": \"10.0.0.1\"", "{\"age\": 1, \"ip\": ip(\"10.0.0.1\")}")]
    [InlineData("\"age\": 1, \"ip\": {\"fn\":\"ip\",\"arg\":\"10.0.0.1\"}", "{\"age\": 1, \"ip\": ip(\"10.0.0.1\")}")]
    [InlineData("\"age\": 1, \"ip\": {\"__extn\":{\"fn\":\"ip\",\"arg\":\"10.0.0.1\"}}", "{\"age\": 1, \"ip\": ip(\"10.0.0.1\")}")]
    [InlineData("\"age\": 1, \"fee\": \"1.5\"", "{\"age\": 1, \"fee\": decimal(\"1.5000\")}")]
    [InlineData("\"age\": 1, \"since\": \"2024-01-01\"", "{\"age\": 1, \"since\": datetime(\"2024-01-01T00:00:00.000Z\")}")]
    [InlineData("\"age\": 1, \"since\": {\"fn\":\"offset\",\"args\":[\"2024-01-01\",\"1h\"]}", "{\"age\": 1, \"since\": datetime(\"2024-01-01T01:00:00.000Z\")}")]
    [InlineData("\"age\": 1, \"ttl\": \"2h\"", "{\"age\": 1, \"ttl\": duration(\"7200000ms\")}")]
    [InlineData("\"age\": 1, \"ips\": [\"::1\", \"0:0:0:0:0:0:0:1\", {\"__extn\":{\"fn\":\"ip\",\"arg\":\"1.2.3.4\"}}]", "{\"age\": 1, \"ips\": [ip(\"::1\"), ip(\"1.2.3.4\")]}")]
    [InlineData("\"age\": 1, \"ips\": []", "{\"age\": 1, \"ips\": []}")]
    [InlineData("\"age\": 1, \"bosses\": [{\"type\":\"User\",\"id\":\"b\"}]", "{\"age\": 1, \"bosses\": [User::\"b\"]}")]
    [InlineData("\"age\": 1, \"home\": {\"city\":\"Bern\",\"ip\":\"::1\"}", "{\"age\": 1, \"home\": {\"city\": \"Bern\", \"ip\": ip(\"::1\")}}")]
    [InlineData("\"age\": 1, \"name\": \"10.0.0.1\"", "{\"age\": 1, \"name\": \"10.0.0.1\"}")]
    [InlineData("\"age\": 1, \"color\": {\"type\":\"Color\",\"id\":\"red\"}", "{\"age\": 1, \"color\": Color::\"red\"}")]
    [InlineData("\"age\": 1, \"act\": {\"type\":\"Action\",\"id\":\"edit\"}", "{\"act\": Action::\"edit\", \"age\": 1}")]
    [InlineData("\"age\": 1, \"ok\": {\"__extn\":{\"fn\":\"isIpv4\",\"arg\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"::1\"}}}}", "{\"age\": 1, \"ok\": false}")]
    public void The_type_of_an_attribute_guides_its_reading(string attributes, string expected)
    {
        Assert.True(Parse(User(attributes)).TryGet(new EntityUid("User", "u"), out var user));
        Assert.Equal(expected, user.Attributes.ToString());
    }

    [Theory]
    [InlineData("", "attrs", "`age` is missing")]
    [InlineData("\"age\": \"1\"", "attrs.age", "a value of type string stands where")]
    [InlineData("\"age\": 1, \"nam\": \"x\"", "attrs.nam", "does not declare the attribute `nam`")]
    [InlineData("\"age\": 1, \"boss\": \"User::\\\"b\\\"\"", "attrs.boss", "a string stands where an entity is named")]
    [InlineData("\"age\": 1, \"boss\": {\"type\":\"Team\",\"id\":\"b\"}", "attrs.boss", "an entity of type `Team` stands where")]
    [InlineData("\"age\": 1, \"color\": {\"type\":\"Color\",\"id\":\"blue\"}", "attrs.color.id", "`Color` has no `\"blue\"`")]
    [InlineData("\"age\": 1, \"act\": {\"type\":\"Action\",\"id\":\"none\"}", "attrs.act.id", "does not declare the action `Action::\"none\"`")]
    [InlineData("\"age\": 1, \"ip\": \"300.0.0.1\"", "attrs.ip", "`ip` cannot read the text")]
    [InlineData("\"age\": 1, \"ip\": 1", "attrs.ip", "a number stands where the schema wants ipaddr")]
    [InlineData("\"age\": 1, \"ip\": {\"fn\":\"decimal\",\"arg\":\"1.0\"}", "attrs.ip", "a value of type decimal stands where")]
    [InlineData("\"age\": 1, \"ips\": \"::1\"", "attrs.ips", "a value of type string stands where")]
    [InlineData("\"age\": 1, \"ips\": [\"::1\", 1]", "attrs.ips[1]", "a number stands where the schema wants ipaddr")]
    [InlineData("\"age\": 1, \"home\": {}", "attrs.home", "`city` is missing")]
    [InlineData("\"age\": 1, \"home\": {\"city\":\"x\",\"zip\":1}", "attrs.home.zip", "does not declare the attribute `zip`")]
    [InlineData("\"age\": 1, \"home\": [\"x\"]", "attrs.home", "a value of type set stands where")]
    [InlineData("\"age\": 1, \"name\": {\"fn\":\"ip\",\"arg\":\"::1\"}", "attrs.name", "a value of type record stands where")]
    public void What_does_not_conform_is_refused_with_its_path(string attributes, string path, string message)
    {
        var problem = Assert.Single(Assert.Throws<EntityDataException>(() => Parse(User(attributes))).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal($"[0].{path}", problem.Path);
    }

    [Theory]
    [InlineData("""{"uid":{"type":"Usr","id":"u"},"attrs":{},"parents":[]}""", "does not declare the entity type `Usr`")]
    [InlineData("""{"uid":{"type":"Color","id":"blue"},"attrs":{},"parents":[]}""", "has no `\"blue\"`")]
    [InlineData("""{"uid":{"type":"Color","id":"red"},"attrs":{"a":1},"parents":[]}""", "does not declare the attribute `a`")]
    [InlineData("""{"uid":{"type":"Color","id":"red"},"attrs":{},"parents":[{"type":"Org","id":"o"}]}""", "cannot be in `Org::\"o\"`")]
    [InlineData("""{"uid":{"type":"Team","id":"t"},"attrs":{},"parents":[{"type":"User","id":"u"}]}""", "cannot be in `User::\"u\"`")]
    [InlineData("""{"uid":{"type":"Plain","id":"t"},"attrs":{},"parents":[],"tags":{"a":1}}""", "have no tags")]
    [InlineData("""{"uid":{"type":"Action","id":"none"},"attrs":{},"parents":[]}""", "does not declare the action")]
    [InlineData("""{"uid":{"type":"Action","id":"edit"},"attrs":{},"parents":[]}""", "not as the schema declares it")]
    [InlineData("""{"uid":{"type":"Action","id":"edit"},"attrs":{"a":1},"parents":[{"type":"Action","id":"all"}]}""", "not as the schema declares it")]
    [InlineData("""{"uid":{"type":"Action","id":"all"},"attrs":{},"parents":[{"type":"Action","id":"edit"}]}""", "not as the schema declares it")]
    public void An_entity_the_schema_does_not_allow_is_refused(string entity, string message)
        => Assert.Contains(message, Assert.Throws<EntityDataException>(() => Parse($"[{entity}]")).Diagnostics.Single().Message, StringComparison.Ordinal);

    [Fact]
    public void Ancestors_of_any_distance_may_be_parents_and_tags_have_their_type()
    {
        var store = Parse("""
            [{"uid":{"type":"User","id":"u"},"attrs":{"age":1},"parents":[{"type":"Org","id":"o"},{"type":"Team","id":"t"}],"tags":{"any":["::1"],"thing":[]}},
             {"uid":{"type":"Color","id":"red"},"attrs":{},"parents":[],"tags":{}},
             {"uid":{"type":"Action","id":"edit"},"attrs":{},"parents":[{"type":"Action","id":"all"}]}]
            """);
        Assert.True(store.TryGet(new EntityUid("User", "u"), out var user));
        Assert.Equal("{\"any\": [ip(\"::1\")], \"thing\": []}", user.Tags.ToString());
    }

    [Fact]
    public void The_actions_of_the_schema_are_added()
    {
        var store = EntitiesJson.Parse("[]"u8, s_schema);
        Assert.Equal(3, store.Count);
        Assert.True(store.IsIn(new EntityUid("Action", "write"), new EntityUid("Action", "all")));
        Assert.Equal(3, EntitiesJson.Parse(EntitiesJson.Write(store), s_schema).Count);
    }

    [Theory]
    [InlineData("""{"ip":"::1"}""", """{"ip": ip("::1")}""")]
    [InlineData("""{"ip":"::1","boss":{"type":"User","id":"b"},"n":9007199254740993}""", """{"boss": User::"b", "ip": ip("::1"), "n": 9007199254740993}""")]
    [InlineData("""{"ip":"::1","deep":{"a":["1.0",{"__extn":{"fn":"decimal","arg":"1.00"}}]}}""", """{"deep": {"a": [decimal("1.0000")]}, "ip": ip("::1")}""")]
    public void The_action_guides_the_reading_of_a_context(string json, string expected)
        => Assert.Equal(expected, EntitiesJson.ParseContext(Encoding.UTF8.GetBytes(json), s_schema, new EntityUid("Action", "write")).ToString());

    [Theory]
    [InlineData("""{}""", null, "`ip` is missing")]
    [InlineData("""{"ip":"::1","m":1}""", "m", "does not declare the attribute `m`")]
    [InlineData("""{"ip":"::1","n":"1"}""", "n", "a value of type string")]
    [InlineData("""{"ip":"::1","deep":{"a":["x"]}}""", "deep.a[0]", "`decimal` cannot read the text")]
    [InlineData("""{"__entity":{"type":"User","id":"b"}}""", null, "`ip` is missing")]
    [InlineData("""[]""", null, "no record")]
    public void A_context_that_does_not_conform_is_refused(string json, string? path, string message)
    {
        var problem = Assert.Single(Assert.Throws<EntityDataException>(
            () => EntitiesJson.ParseContext(Encoding.UTF8.GetBytes(json), s_schema, new EntityUid("Action", "write"))).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal(path, problem.Path);
    }

    [Fact]
    public void A_context_for_an_action_nobody_declares_is_refused()
        => Assert.Equal("did you mean `Action::\"write\"`?",
            Assert.Throws<EntityDataException>(() => EntitiesJson.ParseContext("{}"u8, s_schema, new EntityUid("Action", "wite"))).Diagnostics.Single().Help);

    private static string User(string attributes) => $$"""[{"uid":{"type":"User","id":"u"},"attrs":{{{attributes}}},"parents":[]}]""";

    private static EntityStore Parse(string json) => EntitiesJson.Parse(Encoding.UTF8.GetBytes(json), s_schema);
}
