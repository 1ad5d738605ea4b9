using System.Text;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Tests.Schema;

/// <summary>The JSON schema format.</summary>
public sealed class SchemaJsonTests
{
    [Fact]
    public void Everything_the_format_can_say_means_what_the_cedar_syntax_means()
    {
        const string Json = """
            {
              "": {
                "entityTypes": { "Top": { "annotations": { "doc": "a", "if": null } } },
                "actions": { "all": {}, "read": { "memberOf": [ { "id": "all" } ], "attributes": null, "appliesTo": null } }
              },
              "App::Core": {
                "annotations": { "doc": "the app" },
                "commonTypes": {
                  "Name": { "type": "String", "annotations": { "doc": "b" } },
                  "Context": { "type": "Record", "additionalAttributes": false, "attributes": { "ip": { "type": "ipaddr", "required": false } } },
                  "Shape": { "type": "Record", "attributes": { "name": { "type": "Name" } } }
                },
                "entityTypes": {
                  "Kind": { "enum": ["a", "b"] },
                  "Group": { "memberOfTypes": ["Group", "Top"] },
                  "User": {
                    "memberOfTypes": ["Group"],
                    "shape": { "type": "Record", "attributes": {
                      "a": { "type": "Boolean" }, "b": { "type": "Bool", "required": false, "annotations": {} }, "c": { "type": "Long", "required": true },
                      "d": { "type": "Set", "element": { "type": "Extension", "name": "decimal" } },
                      "e": { "type": "Entity", "name": "Kind" }, "f": { "type": "EntityOrCommon", "name": "Name" }, "g": { "type": "EntityOrCommon", "name": "App::Core::User" },
                      "h": { "type": "__cedar::datetime" }, "i": { "type": "App::Core::Shape" }, "j": { "type": "EntityOrCommon", "name": "Long" }
                    } },
                    "tags": { "type": "Set", "element": { "type": "String" } }
                  },
                  "Doc": { "shape": { "type": "Shape" } }
                },
                "actions": {
                  "write": {
                    "memberOf": [ { "id": "edit" }, { "id": "all", "type": "Action" }, { "id": "edit", "type": "App::Core::Action" } ],
                    "appliesTo": { "principalTypes": ["User"], "resourceTypes": ["Doc", "Top"], "context": { "type": "Context" } }
                  },
                  "edit": { "appliesTo": { "principalTypes": [], "resourceTypes": [] } }
                }
              }
            }
            """;
        const string Cedar = """
            entity Top;
            action all;
            action read in all;
            namespace App::Core {
              type Name = String;
              type Context = { ip?: ipaddr };
              entity Kind enum ["a", "b"];
              entity Group in [Group, Top];
              entity User in [Group] { a: Bool, b?: Bool, c: Long, d: Set<decimal>, e: Kind, f: Name, g: User, h: datetime, i: { name: Name }, j: Long } tags Set<String>;
              entity Doc { name: String };
              action write in [edit, Action::"all"] appliesTo { principal: User, resource: [Doc, Top], context: Context };
              action edit;
            }
            """;
        Assert.Equal(SchemaDescription.Of(CedarSchema.Parse(Cedar)), SchemaDescription.Of(Parse(Json)));
    }

    [Theory]
    [InlineData("", 1, 1, null, "the document is not JSON")]
    [InlineData("[]", 1, 1, null, "unexpected an array")]
    [InlineData("{ \"a b\": {} }", 1, 3, "\"a b\"", "no namespace")]
    [InlineData("{ \"__cedar\": { \"entityTypes\": {}, \"actions\": {} } }", 1, 3, "__cedar", "no namespace")]
    [InlineData("{ \"N\": {} }", 1, 8, "N", "has no `entityTypes`")]
    [InlineData("{ \"N\": { \"entityTypes\": {} } }", 1, 8, "N", "has no `actions`")]
    [InlineData("{ \"\": { \"entityTypes\": {}, \"actions\": {}, \"annotations\": { \"a\": \"b\" } } }", 1, 58, "\"\".annotations", "cannot have annotations")]
    [InlineData("{ \"N\": { \"entityTypes\": {}, \"actions\": {}, \"entitytypes\": {} } }", 1, 44, "N.entitytypes", "cannot have \"entitytypes\"")]
    [InlineData("{ \"N\": { \"entityTypes\": {}, \"actions\": {}, \"actions\": {} } }", 1, 44, "N.actions", "\"actions\" twice")]
    [InlineData("{ \"N\": { \"entityTypes\": null, \"actions\": {} } }", 1, 25, "N.entityTypes", "unexpected null")]
    [InlineData("{ \"N\": {}, \"N\": {} }", 1, 12, "N", "\"N\" twice")]
    [InlineData("{ \"\": { \"entityTypes\": { \"A\": {}, \"A\": {} }, \"actions\": {} } }", 1, 35, "\"\".entityTypes.A", "\"A\" twice")]
    public void What_the_format_does_not_say_is_refused_where_it_stands(string json, int line, int column, string? path, string message)
    {
        var problem = Assert.Single(Assert.Throws<SchemaException>(() => Parse(json)).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column, path), (problem.Line, problem.Column, problem.Path));
    }

    [Theory]
    [InlineData("{ \"shape\": null }", "unexpected null")]
    [InlineData("{ \"shape\": { \"type\": \"String\" } }", "no record")]
    [InlineData("{ \"shape\": { \"attributes\": {} } }", "no `type`")]
    [InlineData("{ \"shape\": { \"type\": \"Record\" } }", "no `attributes`")]
    [InlineData("{ \"shape\": { \"type\": \"Record\", \"attributes\": {}, \"additionalAttributes\": true } }", "additional attributes are not supported")]
    [InlineData("{ \"shape\": { \"type\": \"Record\", \"attributes\": {}, \"additionalAttributes\": 1 } }", "a number")]
    [InlineData("{ \"shape\": { \"type\": \"Record\", \"attributes\": {}, \"required\": true } }", "cannot have \"required\"")]
    [InlineData("{ \"shape\": { \"type\": \"Record\", \"attributes\": { \"a\": { \"type\": \"Long\", \"required\": \"no\" } } } }", "a string")]
    [InlineData("{ \"shape\": { \"type\": \"Record\", \"attributes\": { \"a\": { \"type\": \"Long\", \"optional\": true } } } }", "cannot have \"optional\"")]
    [InlineData("{ \"shape\": { \"type\": \"Record\", \"attributes\": { \"a\": { \"type\": \"Long\" }, \"a\": { \"type\": \"Long\" } } } }", "\"a\" twice")]
    [InlineData("{ \"tags\": { \"type\": \"Set\" } }", "no `element`")]
    [InlineData("{ \"tags\": { \"type\": \"Entity\" } }", "no `name`")]
    [InlineData("{ \"tags\": { \"type\": \"String\", \"element\": { \"type\": \"Long\" } } }", "cannot have \"element\"")]
    [InlineData("{ \"tags\": { \"type\": \"Extension\", \"name\": \"ip\" } }", "`ip` is no extension type")]
    [InlineData("{ \"tags\": { \"type\": \"Entity\", \"name\": \"Missing\" } }", "`Missing` is not declared as an entity type")]
    [InlineData("{ \"tags\": { \"type\": \"Entity\", \"name\": \"A :: B\" } }", "does not name")]
    [InlineData("{ \"tags\": { \"type\": \"if\" } }", "does not name")]
    [InlineData("{ \"tags\": { \"type\": \"A\" } }", "`A` is not declared as a common type")]
    [InlineData("{ \"memberOfTypes\": \"A\" }", "a string")]
    [InlineData("{ \"memberOfTypes\": [\"Missing\"] }", "`Missing` is not declared")]
    [InlineData("{ \"enum\": [] }", "empty")]
    [InlineData("{ \"enum\": [1] }", "a number")]
    [InlineData("{ \"enum\": null }", "unexpected null")]
    [InlineData("{ \"enum\": [\"a\"], \"tags\": { \"type\": \"Long\" } }", "cannot have `tags`")]
    [InlineData("{ \"enum\": [\"a\"], \"shape\": { \"type\": \"Record\", \"attributes\": {} } }", "cannot have `shape`")]
    [InlineData("{ \"enum\": [\"a\"], \"memberOfTypes\": [] }", "cannot have `memberOfTypes`")]
    [InlineData("{ \"members\": [] }", "cannot have \"members\"")]
    [InlineData("{ \"annotations\": { \"a b\": \"\" } }", "cannot name an annotation")]
    [InlineData("{ \"annotations\": { \"a\": 1 } }", "a number")]
    public void An_entity_type_that_is_not_well_formed_is_refused(string entity, string message)
        => Assert.Contains(message, Assert.Throws<SchemaException>(() => Parse($$"""{ "": { "entityTypes": { "A": {{entity}} }, "actions": {} } }""")).Diagnostics[0].Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{ \"attributes\": {} }", "actions have no attributes")]
    [InlineData("{ \"appliesTo\": {} }", "no `principalTypes`")]
    [InlineData("{ \"appliesTo\": { \"principalTypes\": [], \"resourceTypes\": null } }", "unexpected null")]
    [InlineData("{ \"appliesTo\": { \"principalTypes\": [], \"resourceTypes\": [], \"context\": null } }", "unexpected null")]
    [InlineData("{ \"appliesTo\": { \"principalTypes\": [], \"resourceTypes\": [], \"context\": { \"type\": \"Long\" } } }", "no record")]
    [InlineData("{ \"appliesTo\": { \"principalTypes\": [\"B\"], \"resourceTypes\": [] } }", "`B` is not declared")]
    [InlineData("{ \"memberOf\": [\"a\"] }", "unexpected a string")]
    [InlineData("{ \"memberOf\": [{ \"type\": \"Action\" }] }", "no `id`")]
    [InlineData("{ \"memberOf\": [{ \"id\": \"b\" }] }", "`Action::\"b\"` is not declared")]
    [InlineData("{ \"memberOf\": [{ \"id\": \"a\" }] }", "is in itself")]
    public void An_action_that_is_not_well_formed_is_refused(string action, string message)
        => Assert.Contains(message, Assert.Throws<SchemaException>(() => Parse($$"""{ "": { "entityTypes": {}, "actions": { "a": {{action}} } } }""")).Diagnostics[0].Message, StringComparison.Ordinal);

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"type\":\"Set\",\"element\":", 100_000));
        Assert.Contains("deeper than", Assert.Throws<SchemaException>(() => Parse($$"""{"":{"actions":{},"entityTypes":{},"commonTypes":{"T":{{deep}}""")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        Assert.Throws<SchemaException>(() => CedarSchema.ParseJson([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
        Assert.Throws<SchemaException>(() => Parse("{ \"\\ud800\": {} }"));
    }

    [Fact]
    public void A_schema_of_the_corpus_means_the_same_in_both_formats()
    {
        foreach (var test in CorpusFile.Read().Where((_, index) => index % 5 == 0))
        {
            var schema = CedarSchema.Parse(test.Schema);
            var description = SchemaDescription.Of(schema);
            var json = CedarSchema.ParseJson(schema.ToJson());
            Assert.Equal(description, SchemaDescription.Of(json));
            Assert.Equal(description, SchemaDescription.Of(CedarSchema.Parse(schema.ToCedar())));
            Assert.Equal(schema.ToCedar(), json.ToCedar());
            Assert.Equal(schema.ToJson(), CedarSchema.Parse(json.ToCedar()).ToJson());
        }
    }

    private static CedarSchema Parse(string json) => CedarSchema.ParseJson(Encoding.UTF8.GetBytes(json));
}
