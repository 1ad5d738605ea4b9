using System.Globalization;
using System.Text.Json.Nodes;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Transparency;
using AgentGate.Limits;
using AgentGate.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelDoors = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Limits;

/// <summary>Limits over HTTP, as the shipped server has them and as configured.</summary>
public sealed class LimitedGatewayTests
{
    /// <summary>What an operator who configures nothing gets.</summary>
    private static readonly Dictionary<string, string?> s_shipped = new() { ["AgentGate:Limits:UseShippedDefault"] = "true" };

    [Fact]
    public async Task Of_21_rapid_messages_the_last_is_refused_in_each_providers_shape_and_says_when_to_come_back()
    {
        await using var server = await GatewayServer.StartAsync(settings: s_shipped);
        foreach (var route in ModelDoors.Answering)
        {
            var before = server.Received.Received.Count;
            server.Http.DefaultRequestHeaders.Remove("Authorization");
            server.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.CreateKeyAsync("agent_" + route.Length));

            for (var call = 1; call <= 20; call++)
            {
                var (passed, answer) = await server.PostAsync(route, ModelDoors.Body(route, stream: call % 2 == 0));
                Assert.True(passed.IsSuccessStatusCode, answer);
                Assert.Equal("\"model-calls\";q=20;w=60", Header(passed, "RateLimit-Policy"));
                Assert.Equal($"\"model-calls\";r={20 - call};t=", Header(passed, "RateLimit")[..^2]);
            }

            foreach (var stream in (bool[])[false, true])
            {
                var (refused, text) = await server.PostAsync(route, ModelDoors.Body(route, stream: stream));

                Assert.Equal(429, (int)refused.StatusCode);
                ModelDoors.AssertError(route, refused, text, "AG2101");
                var error = JsonNode.Parse(text)!["error"]!;
                Assert.Equal(ModelDoors.IsAnthropic(route) ? "rate_limit_error" : "rate_limit_exceeded", error["type"]!.GetValue<string>());
                Assert.Contains("\"model-calls\" is reached: 20 calls in 60 s per key.", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
                var wait = int.Parse(Header(refused, "Retry-After"), CultureInfo.InvariantCulture);
                Assert.InRange(wait, 1, 60);
                Assert.Contains($"The next call fits in {wait} s.", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
                Assert.Equal("true", Header(refused, "x-should-retry"));
                Assert.Equal("\"model-calls\";q=20;w=60", Header(refused, "RateLimit-Policy"));
                Assert.Equal($"\"model-calls\";r=0;t={wait}", Header(refused, "RateLimit"));
            }

            Assert.Equal(20, server.Received.Received.Count - before);
        }

        Assert.Equal(6, (await server.LogAsync()).Count(entry => entry is { Kind: EntryKind.Denied, Code: "AG2101" }));
    }

    [Fact]
    public async Task Other_keys_and_other_actions_are_not_touched_by_a_limit_that_is_reached()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Limits:Rules:0:Name"] = "one",
            ["AgentGate:Limits:Rules:0:Calls"] = "1",
            ["AgentGate:Limits:Rules:0:Action"] = "call*",
        });
        Assert.True((await server.PostAsync(ModelDoors.Chat, ModelDoors.Body(ModelDoors.Chat))).Response.IsSuccessStatusCode);
        Assert.Equal(429, (int)(await server.PostAsync(ModelDoors.Messages, ModelDoors.Body(ModelDoors.Messages))).Response.StatusCode);

        var (embedded, _) = await server.PostAsync(ModelDoors.Embeddings, ModelDoors.Body(ModelDoors.Embeddings));
        Assert.True(embedded.IsSuccessStatusCode);
        Assert.False(embedded.Headers.Contains("RateLimit"));
        Assert.True((await server.Http.GetAsync("/v1/models")).IsSuccessStatusCode);
        server.Http.DefaultRequestHeaders.Remove("Authorization");
        server.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.CreateKeyAsync("agent_b"));
        Assert.True((await server.PostAsync(ModelDoors.Chat, ModelDoors.Body(ModelDoors.Chat))).Response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task The_models_list_is_a_call_with_limits_too()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Limits:Rules:0:Name"] = "lists",
            ["AgentGate:Limits:Rules:0:Calls"] = "2",
            ["AgentGate:Limits:Rules:0:Per"] = "Global",
            ["AgentGate:Limits:Rules:1:Name"] = "own",
            ["AgentGate:Limits:Rules:1:Calls"] = "9",
            ["AgentGate:Limits:Rules:1:Per"] = "User, Key",
            ["AgentGate:Limits:Rules:1:Window"] = "01:00:00",
        });

        using var first = await server.Http.GetAsync("/v1/models");
        using var second = await server.Http.GetAsync("/v1/models");
        using var third = await server.Http.GetAsync("/v1/models");

        // What all callers together have left is told when it is nothing, and not before.
        Assert.Equal("\"lists\";q=2;w=60, \"own\";q=9;w=3600", Header(first, "RateLimit-Policy"));
        Assert.Equal("\"own\";r=8;t=3600", Header(first, "RateLimit"));
        Assert.StartsWith("\"lists\";r=0;t=", Header(second, "RateLimit"), StringComparison.Ordinal);
        Assert.Equal(429, (int)third.StatusCode);
        Assert.StartsWith("\"lists\";r=0;t=", Header(third, "RateLimit"), StringComparison.Ordinal);
        Assert.Contains("\"own\";r=7;", Header(third, "RateLimit"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_tool_call_over_its_limit_is_replaced_by_a_text_the_model_can_read(bool stream)
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Limits:Rules:0:Name"] = "reads",
            ["AgentGate:Limits:Rules:0:Calls"] = "1",
            ["AgentGate:Limits:Rules:0:Per"] = "User, Tool",
            ["AgentGate:Limits:Rules:0:Tool"] = "re*",
        });
        foreach (var route in ModelDoors.Answering)
        {
            server.Http.DefaultRequestHeaders.Remove("Authorization");
            server.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.CreateKeyAsync("agent_" + route.Length));
            var body = ModelDoors.Body(route, "/tool read {\"path\":\"the-first\"}\n/tool read {\"path\":\"the-second\"}", stream);
            body["tools"] = new JsonArray(ModelDoors.Tool(route, "read"));

            var (response, text) = await server.PostAsync(route, body);

            Assert.True(response.IsSuccessStatusCode, text);
            Assert.Contains("the-first", text, StringComparison.Ordinal);
            Assert.DoesNotContain("the-second", text, StringComparison.Ordinal);
            Assert.Contains("AG2101", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Development", "model-calls 20 Key *, playground 20 User playground_*")]
    [InlineData("Production", "model-calls 600 Key *")]
    public void A_server_without_rules_has_the_shipped_ones(string environment, string rules)
        => Assert.Equal(rules, Rules(environment));

    [Fact]
    public void A_configured_rule_takes_the_place_of_the_shipped_ones_and_they_can_be_turned_off()
    {
        Assert.Equal("mine 7 Key *", Rules("Development", "--AgentGate:Limits:Rules:0:Name", "mine", "--AgentGate:Limits:Rules:0:Calls", "7"));
        Assert.Equal("", Rules("Development", "--AgentGate:Limits:UseShippedDefault", "false"));
        Assert.Equal("", Rules("Production", "--AgentGate:Limits:UseShippedDefault", "false"));
    }

    [Theory]
    [InlineData("AgentGate:Limits:Rules:0:Calls", "0", "AG7001: AgentGate:Limits:Rules:0:Calls")]
    [InlineData("AgentGate:Limits:Rules:0:Per", "Use", "AgentGate:Limits")]
    [InlineData("AgentGate:Limits:Rules:0:Caller", "x", "AgentGate:Limits")]
    [InlineData("AgentGate:Limits:KeysMaximum", "99", "KeysMaximum")]
    public async Task A_limit_that_cannot_be_used_stops_the_start_and_is_named(string key, string value, string named)
    {
        var settings = new Dictionary<string, string?> { ["AgentGate:Limits:Rules:0:Name"] = "r", ["AgentGate:Limits:Rules:0:Calls"] = "5", [key] = value };

        var refused = await Assert.ThrowsAnyAsync<Exception>(async () => await (await GatewayServer.StartAsync(settings: settings)).DisposeAsync());

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static string Rules(string environment, params string[] more)
    {
        var state = Directory.CreateTempSubdirectory("agentgate-limits-").FullName;
        try
        {
            using var app = (IDisposable)ServerHost.Build(
                ["--environment", environment, "--AGENTGATE_HOST", "127.0.0.1", "--AGENTGATE_STATE_DIR", Path.Combine(state, "state"), "--AGENTGATE_PORT", "0", .. more],
                builder => builder.Logging.ClearProviders());
            var rules = ((Microsoft.AspNetCore.Builder.WebApplication)app).Services.GetRequiredService<IOptions<LimitsOptions>>().Value.Rules;
            return string.Join(", ", rules.Select(rule => $"{rule.Name} {rule.Calls} {rule.Per} {rule.Principal}"));
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private static string Header(HttpResponseMessage response, string name)
        => response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : "";
}
