using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Security;

/// <summary>The five model routes, and the smallest request each takes.</summary>
internal static class Doors
{
    public const string Chat = "/v1/chat/completions";
    public const string Responses = "/v1/responses";
    public const string Messages = "/v1/messages";
    public const string CountTokens = "/v1/messages/count_tokens";
    public const string Embeddings = "/v1/embeddings";

    public static IReadOnlyList<string> All { get; } = [Chat, Responses, Messages, CountTokens, Embeddings];

    public static IReadOnlyList<string> Answering { get; } = [Chat, Responses, Messages];

    public static bool IsAnthropic(string route) => route.StartsWith(Messages, StringComparison.Ordinal);

    /// <summary>A request that passes.</summary>
    public static JsonObject Body(string route, string text = "hello", bool stream = false)
    {
        JsonArray user = [new JsonObject { ["role"] = "user", ["content"] = text }];
        var body = route switch
        {
            Responses => new JsonObject { ["model"] = "demo-echo", ["input"] = text },
            Embeddings => new JsonObject { ["model"] = "demo-embed", ["input"] = text },
            Messages => new JsonObject { ["model"] = "demo-echo", ["max_tokens"] = 99, ["messages"] = user },
            _ => new JsonObject { ["model"] = "demo-echo", ["messages"] = user },
        };
        if (stream)
        {
            body["stream"] = true;
        }

        return body;
    }

    /// <summary>The declaration of a function in the route's own form.</summary>
    public static JsonObject Tool(string route, string name) => route switch
    {
        Chat => new JsonObject { ["type"] = "function", ["function"] = new JsonObject { ["name"] = name, ["parameters"] = new JsonObject { ["type"] = "object" } } },
        Responses => new JsonObject { ["type"] = "function", ["name"] = name, ["parameters"] = new JsonObject { ["type"] = "object" } },
        _ => new JsonObject { ["name"] = name, ["input_schema"] = new JsonObject { ["type"] = "object" } },
    };

    public static HttpContent Json(string body) => new StringContent(body, Encoding.UTF8, "application/json");

    public static async Task<(HttpResponseMessage Response, string Text)> PostAsync(this GatewayServer server, string route, JsonNode body, string? session = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = Json(body.ToJsonString()) };
        if (session is not null)
        {
            request.Headers.Add("x-agentgate-session", session);
        }

        var response = await server.Http.SendAsync(request);
        return (response, await response.Content.ReadAsStringAsync());
    }

    public static string Code(this HttpResponseMessage response)
        => response.Headers.TryGetValues("x-agentgate-code", out var codes) ? codes.Single() : "";

    /// <summary>The error is one the provider's official client understands, under the code.</summary>
    public static void AssertError(string route, HttpResponseMessage response, string text, string code)
    {
        Assert.Equal(code, response.Code());
        var document = JsonNode.Parse(text)!;
        var error = document["error"]!;
        Assert.Equal(code, error["code"]!.GetValue<string>());
        Assert.StartsWith(code, error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotEmpty(error["type"]!.GetValue<string>());
        Assert.Equal(IsAnthropic(route) ? "error" : null, document["type"]?.GetValue<string>());
        Assert.Equal(!IsAnthropic(route), error.AsObject().ContainsKey("param"));
        Assert.True(response.Headers.Contains("x-should-retry"));
    }

    public static string Sent(this GatewayServer server) => string.Join('\n', server.Received.Received.Select(r => Encoding.UTF8.GetString(r.Body.Span)));

    /// <summary>The log's entries, oldest first.</summary>
    public static async Task<List<LogEntryBody>> LogAsync(this GatewayServer server)
    {
        var entries = new List<LogEntryBody>();
        await foreach (var stored in server.App.Services.GetRequiredService<IAuditLog>().ReadChainAsync("default", 0, null, CancellationToken.None))
        {
            entries.Add(LogEntryParser.Parse(stored.Canonical.Span).Body);
        }

        return entries;
    }
}
