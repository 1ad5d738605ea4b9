using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>A provider that answers everything and remembers every effect it was asked for, by model.</summary>
internal sealed class CountingUpstream(WebApplication app) : IAsyncDisposable
{
    public ConcurrentDictionary<string, int> Effects { get; } = new(StringComparer.Ordinal);

    public string Url => app.Urls.First() + "/v1";

    public static async Task<CountingUpstream> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new CountingUpstream(app);
        app.MapPost("/v1/chat/completions", async (HttpContext context) =>
        {
            var model = (await JsonNode.ParseAsync(context.Request.Body))!["model"]!.GetValue<string>();
            upstream.Effects.AddOrUpdate(model, 1, (_, count) => count + 1);
            return TypedResults.Text(
                $$$"""{"id":"c","object":"chat.completion","created":1,"model":"{{{model}}}","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""",
                "application/json");
        });
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}
