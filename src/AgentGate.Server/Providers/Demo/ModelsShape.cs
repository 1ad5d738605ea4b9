using System.Globalization;
using System.Text.Json.Nodes;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The shape of <c>GET /v1/models</c>, OpenAI's or Anthropic's.</summary>
internal static class ModelsShape
{
    // A fixed day: models do not become newer with every request.
    private static readonly DateTimeOffset s_created = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static JsonObject List(IReadOnlyList<string> ids, bool anthropic)
    {
        var data = new JsonArray([.. ids.Select(id => One(id, anthropic))]);
        return anthropic
            ? new() { ["data"] = data, ["has_more"] = false, ["first_id"] = ids[0], ["last_id"] = ids[^1] }
            : new() { ["object"] = "list", ["data"] = data };
    }

    public static JsonObject One(string id, bool anthropic) => anthropic
        ? new()
        {
            ["type"] = "model",
            ["id"] = id,
            ["display_name"] = id,
            ["created_at"] = s_created.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["lifecycle"] = "active",
            ["line"] = null,
            ["deprecated_at"] = null,
            ["retires_at"] = null,
            ["capabilities"] = null,
            ["max_input_tokens"] = null,
            ["max_tokens"] = null,
        }
        : new() { ["id"] = id, ["object"] = "model", ["created"] = s_created.ToUnixTimeSeconds(), ["owned_by"] = "agentgate-demo" };
}
