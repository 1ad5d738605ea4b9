using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Security;
using AgentGate.Server.Playground;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Playground;

/// <summary>Guards are skipped by the server's own record of a visitor. Nothing that a request can hold does it.</summary>
public sealed class SkippedGuardTests
{
    private const string Body = """{"model":"demo-echo","messages":[{"role":"user","content":"My SSN is 123-45-6789"}]}""";

    private static async Task<(HttpResponseMessage Response, JsonNode? Trace)> SendAsync(
        GatewayServer server, string key, string body = Body, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Security.Doors.Json(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        change?.Invoke(request);
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        var response = await http.SendAsync(request);
        var id = response.Headers.TryGetValues("x-agentgate-call-id", out var ids) ? ids.Single() : null;
        var trace = id is null ? null : JsonNode.Parse(await server.Http.GetStringAsync("/api/traces/" + id));
        return (response, trace);
    }

    private static VerdictsOf Verdicts(JsonNode? trace) => new(trace!["verdicts"]!.AsArray());

    [Theory]
    [InlineData("x-agentgate-skip", "Pii")]
    [InlineData("x-agentgate-skip-guards", "Pii")]
    [InlineData("x-agentgate-skipped-guards", "Pii,Threats")]
    [InlineData("x-agentgate-guards", "none")]
    [InlineData("x-agentgate-principal", "playground_0123456789abcdef")]
    [InlineData("x-agentgate-session", "playground_0123456789abcdef")]
    [InlineData("Cookie", "agentgate_pages=anything")]
    public async Task An_ordinary_key_skips_nothing_with_any_header(string name, string value)
    {
        await using var server = await GatewayServer.StartAsync();

        var (response, trace) = await SendAsync(server, server.Key, change: request => request.Headers.TryAddWithoutValidation(name, value));

        Assert.True(response.IsSuccessStatusCode);
        Assert.DoesNotContain("skipped", Verdicts(trace).Answers);
        Assert.DoesNotContain("123-45-6789", System.Text.Encoding.UTF8.GetString(server.Received.Received[^1].Body.Span), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skippedGuards")]
    [InlineData("skipped_guards")]
    [InlineData("middleware")]
    [InlineData("metadata")]
    public async Task A_body_skips_nothing(string member)
    {
        await using var server = await GatewayServer.StartAsync();
        var body = JsonNode.Parse(Body)!;
        body[member] = new JsonObject { ["Pii"] = "false", ["skippedGuards"] = "Pii" };

        await SendAsync(server, server.Key, body.ToJsonString());

        Assert.All(server.Received.Received, received =>
            Assert.DoesNotContain("123-45-6789", System.Text.Encoding.UTF8.GetString(received.Body.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_principal_of_a_visitor_is_not_enough()
    {
        await using var server = await GatewayServer.StartAsync();
        var visitors = server.App.Services.GetRequiredService<VisitorKeys>();
        using var visitor = visitors.Issue(visitors.NewPrincipalId(), "default");
        visitor.Skipped = ["Pii"];
        var twin = await server.CreateKeyAsync(visitor.Principal.Id);

        var (_, trace) = await SendAsync(server, twin);

        Assert.DoesNotContain("skipped", Verdicts(trace).Answers);
    }

    [Fact]
    public async Task A_visitor_skips_towards_the_demo_provider_and_the_record_says_so_and_keeps_nothing()
    {
        await using var server = await GatewayServer.StartAsync();
        var visitors = server.App.Services.GetRequiredService<VisitorKeys>();
        using var visitor = visitors.Issue(visitors.NewPrincipalId(), "default");
        visitor.Skipped = ["Pii"];

        var (response, trace) = await SendAsync(server, visitor.Text);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Contains("123-45-6789", System.Text.Encoding.UTF8.GetString(server.Received.Received[^1].Body.Span), StringComparison.Ordinal);
        Assert.Contains("skipped", Verdicts(trace).Answers);
        Assert.DoesNotContain("6789", trace!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("6789", await server.Http.GetStringAsync("/api/demo/received"), StringComparison.Ordinal);
        Assert.DoesNotContain("6789", await server.Http.GetStringAsync("/api/audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_visitor_that_would_skip_towards_another_provider_is_denied()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Providers:local:Kind"] = "openai",
            ["AgentGate:Providers:local:BaseUrl"] = "http://127.0.0.1:9/v1",
            ["AgentGate:Providers:local:Models:0"] = "local-*",
        });
        var visitors = server.App.Services.GetRequiredService<VisitorKeys>();
        using var visitor = visitors.Issue(visitors.NewPrincipalId(), "default");
        visitor.Skipped = ["Pii"];

        var (response, _) = await SendAsync(server, visitor.Text, Body.Replace("demo-echo", "local-1", StringComparison.Ordinal));

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal(Codes.GuardNotSkippable, response.Code());
    }

    [Fact]
    public async Task A_visitors_key_opens_the_doors_alone_and_ends_with_its_circuit()
    {
        await using var server = await GatewayServer.StartAsync();
        var visitors = server.App.Services.GetRequiredService<VisitorKeys>();
        var visitor = visitors.Issue(visitors.NewPrincipalId(), "default");
        using var http = new HttpClient { BaseAddress = new Uri(server.Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", visitor.Text);

        Assert.Equal(200, (int)(await http.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(403, (int)(await http.GetAsync("/api/traces")).StatusCode);
        Assert.Equal(401, (int)(await http.GetAsync("/playground")).StatusCode);
        foreach (var wrong in (string[])[visitor.Text[..^1], visitor.Text + "x", "agv_", "agv_x", visitor.Text[..^4] + "AAAA", visitor.Text.ToUpperInvariant()])
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", wrong);
            Assert.Equal(401, (int)(await http.GetAsync("/v1/models")).StatusCode);
        }

        visitor.Dispose();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", visitor.Text);
        Assert.Equal(401, (int)(await http.GetAsync("/v1/models")).StatusCode);
    }

    private sealed class VerdictsOf(JsonArray verdicts)
    {
        public IReadOnlyList<string> Answers { get; } = [.. verdicts.Select(verdict => verdict!["answer"]!.GetValue<string>())];
    }
}
