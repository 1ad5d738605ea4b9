using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Cedar.Tests.Entities;

/// <summary>Entities, contexts and requests of the shared vectors are read and conform to their schemas.</summary>
public sealed class EntityVectorTests
{
    [Fact]
    public void Every_entity_and_request_of_the_corpus_conforms_to_its_schema()
    {
        var failures = new List<string>();
        var requests = 0;
        foreach (var test in CorpusFile.Read())
        {
            try
            {
                var schema = CedarSchema.Parse(test.Schema);
                var entities = EntitiesJson.Parse(Bytes(test.Json.GetProperty("entities")), schema);
                var again = EntitiesJson.Parse(EntitiesJson.Write(entities), schema);
                if (!Same(entities, again) || !Same(entities, EntitiesJson.Parse(EntitiesJson.Write(entities))))
                {
                    failures.Add($"{test.Id}: written entities read differently");
                }

                foreach (var request in test.Json.GetProperty("requests").EnumerateArray().Where(request => request.GetProperty("validateRequest").GetBoolean()))
                {
                    requests++;
                    Check(test.Id, request, schema, failures);
                }
            }
            catch (CedarException exception)
            {
                failures.Add($"{test.Id}: {exception.Message}");
            }
        }

        Assert.Equal([], failures.Take(10));
        Assert.True(requests > 10_000);
    }

    [Fact]
    public void Every_handwritten_file_of_entities_is_read()
    {
        var files = Directory.GetFiles(SharedFiles.Find("vectors/cedar/handwritten/sample-data"), "entities.json", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var schema = CedarSchema.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "schema.cedarschema")));
            Assert.True(EntitiesJson.Parse(File.ReadAllBytes(file), schema).Count >= EntitiesJson.Parse(File.ReadAllBytes(file)).Count);
        }
    }

    private static void Check(string id, JsonElement json, CedarSchema schema, List<string> failures)
    {
        var action = Uid(json.GetProperty("action"));
        var bytes = Bytes(json.GetProperty("context"));
        var context = EntitiesJson.ParseContext(bytes, schema, action);
        var request = new AuthorizationRequest(Uid(json.GetProperty("principal")), action, Uid(json.GetProperty("resource")), context);
        failures.AddRange(new RequestValidator(schema).Check(request).Select(problem => $"{id}: {problem}"));
        if (!EntitiesJson.ParseContext(bytes).Equals(context))
        {
            failures.Add($"{id}: the context reads differently without the schema");
        }
    }

    private static bool Same(EntityStore left, EntityStore right)
        => left.Count == right.Count && left.All(entity => right.TryGet(entity.Uid, out var other)
            && other.Attributes.Equals(entity.Attributes) && other.Tags.Equals(entity.Tags)
            && left.AncestorsOf(entity.Uid).ToHashSet().SetEquals(right.AncestorsOf(entity.Uid)));

    private static EntityUid Uid(JsonElement json) => new(json.GetProperty("type").GetString()!, json.GetProperty("id").GetString()!);

    private static byte[] Bytes(JsonElement json) => Encoding.UTF8.GetBytes(json.GetRawText());
}
