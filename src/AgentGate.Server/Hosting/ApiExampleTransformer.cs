using System.Globalization;
using System.Text.Json.Nodes;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AgentGate.Server.Hosting;

/// <summary>Gives every request and answer of the API's description an example: the endpoint's own, or one made from the shape.</summary>
internal sealed class ApiExampleTransformer : IOpenApiDocumentTransformer
{
    private const int DepthMax = 5;
    private const string Json = "json";

    /// <summary>What values of a name look like, where a word of the type would say less.</summary>
    private static readonly Dictionary<string, JsonNode> s_byName = new(StringComparer.Ordinal)
    {
        ["id"] = "0197b2f06c1a7d0e9b1f3c5a7e9d1b3f", ["user_id"] = "user_0197b2f06c1a7d0e9b1f3c5a7e9d1b3f", ["owner_id"] = "user_0197b2f06c1a7d0e9b1f3c5a7e9d1b3f",
        ["principal_id"] = "agent_0197b2f06c1a7d0e9b1f3c5a7e9d1b3f", ["email"] = "ada@example.org", ["name"] = "Ada Lovelace", ["role"] = "developer",
        ["password"] = "a quiet harbour at dusk", ["scope"] = "doors", ["permission"] = "pii:retrieve", ["model"] = "demo-echo", ["code"] = "AG1201", ["tenant"] = "default",
        ["key"] = "ag_7f3k9m2p4q8r_…", ["prefix"] = "ag_7f3k9m2p4q8r", ["status"] = "active", ["expires_in_days"] = 90, ["limit"] = 100, ["offset"] = 0, ["total"] = 1,
    };

    /// <summary>An example of a refusal.</summary>
    public static JsonNode Problem(int status, string code, string detail) => new JsonObject
    {
        ["type"] = "urn:agentgate:" + code, ["title"] = code, ["status"] = status, ["detail"] = detail, ["code"] = code,
    };

    /// <summary>Puts an endpoint's own example in.</summary>
    public static void Set(OpenApiOperation operation, ApiExample example)
    {
        foreach (var (type, media) in Media(operation.RequestBody?.Content))
        {
            media.Example = Read(type, example.Request) ?? media.Example;
        }

        foreach (var pair in Responses(operation).Where(pair => pair.Key.StartsWith('2')))
        {
            foreach (var (type, media) in Media(pair.Value.Content))
            {
                media.Example = Read(type, example.Response) ?? media.Example;
            }
        }
    }

    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values.ToArray() ?? []))
        {
            foreach (var (_, media) in Media(operation.RequestBody?.Content))
            {
                media.Example ??= Of(media.Schema, null, 0);
            }

            foreach (var (status, response) in Responses(operation))
            {
                foreach (var (type, media) in Media(response.Content))
                {
                    media.Example ??= type.Contains("problem", StringComparison.Ordinal) && int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                        ? Problem(number, "AG6501", response.Description ?? "What is wrong, and what to do.")
                        : Of(media.Schema, null, 0);
                }
            }
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<KeyValuePair<string, OpenApiMediaType>> Media(IEnumerable<KeyValuePair<string, OpenApiMediaType>>? content) => content ?? [];

    private static OpenApiResponses Responses(OpenApiOperation operation) => operation.Responses ?? [];

    private static JsonNode? Read(string type, string? example)
        => example is null ? null : type.Contains(Json, StringComparison.Ordinal) ? JsonNode.Parse(example) : JsonValue.Create(example);

    private static JsonNode Of(IOpenApiSchema? schema, string? name, int depth)
    {
        if (schema is null || depth > DepthMax)
        {
            return new JsonObject();
        }

        if (schema.Enum is [{ } first, ..])
        {
            return first.DeepClone();
        }

        if ((schema.OneOf ?? schema.AnyOf ?? schema.AllOf)?.FirstOrDefault(one => one.Type is not JsonSchemaType.Null) is { } other)
        {
            return Of(other, name, depth);
        }

        var type = schema.Type ?? (schema.Properties is { Count: > 0 } ? JsonSchemaType.Object : 0);
        return type.HasFlag(JsonSchemaType.Object) ? Object(schema, depth)
            : type.HasFlag(JsonSchemaType.Array) ? new JsonArray(Of(schema.Items, name is { } plural && plural.EndsWith('s') ? plural[..^1] : null, depth + 1))
            : Word(schema, type, name);
    }

    private static JsonObject Object(IOpenApiSchema schema, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, property) in schema.Properties ?? new Dictionary<string, IOpenApiSchema>())
        {
            made[name] = Of(property, name, depth + 1);
        }

        return made;
    }

    private static JsonNode Word(IOpenApiSchema schema, JsonSchemaType type, string? name)
    {
        if (type.HasFlag(JsonSchemaType.String))
        {
            return schema.Format switch
            {
                "date-time" => "2026-01-02T03:04:05Z",
                "date" => "2026-01-02",
                "uri" => "https://example.org/",
                "byte" => "AAECAw==",
                _ when name is not null && s_byName.GetValueOrDefault(name) is { } known => known.DeepClone(),
                _ => name ?? "text",
            };
        }

        return type.HasFlag(JsonSchemaType.Integer) || type.HasFlag(JsonSchemaType.Number)
            ? name is not null && s_byName.GetValueOrDefault(name) is { } number && number.GetValueKind() == System.Text.Json.JsonValueKind.Number ? number.DeepClone() : 1
            : type.HasFlag(JsonSchemaType.Boolean) ? true
            : new JsonObject();
    }
}
