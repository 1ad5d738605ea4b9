using System.Globalization;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;
using ModelDoors = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Guardrails;

/// <summary>Guardrails over HTTP: as configured, as seen, as forgotten, and over two servers.</summary>
public sealed class GuardrailServerTests
{
    /// <summary>The list form as configuration has it: the published words, in either spelling.</summary>
    private static Dictionary<string, string?> Models(int most, string scope = "agent") => new()
    {
        ["AgentGate:Guardrails:policy_id"] = "models",
        ["AgentGate:Guardrails:Policies:0:model"] = "demo-*",
        ["AgentGate:Guardrails:Policies:0:max_calls"] = most.ToString(CultureInfo.InvariantCulture),
        ["AgentGate:Guardrails:Policies:0:Window"] = "1h",
        ["AgentGate:Guardrails:Policies:0:scope"] = scope,
    };

    [Fact]
    public async Task A_refusal_has_the_providers_shape_and_a_reset_is_on_record_before_it_lets_calls_through()
    {
        await using var server = await GatewayServer.StartAsync(settings: Models(2));
        using var agent = server.Client(await server.CreateKeyAsync("agent_a"));
        using var security = server.Client(await server.CreateKeyAsync("agent_s", Scopes.GuardrailsRead, Scopes.GuardrailsWrite));
        foreach (var route in (string[])[ModelDoors.Chat, ModelDoors.Messages])
        {
            Assert.Equal(200, (await AskAsync(agent, route)).Status);
            Assert.Equal(200, (await AskAsync(agent, route)).Status);
            var (status, response, text) = await AskAsync(agent, route);
            Assert.Equal(429, status);
            ModelDoors.AssertError(route, response, text, Codes.GuardrailCallsReached);
            Assert.InRange(int.Parse(response.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture), 3_500, 3_600);
            Assert.Equal("true", response.Headers.GetValues("x-should-retry").Single());
            Assert.Contains("(max_calls:demo-*)", text, StringComparison.Ordinal);

            var set = (await security.AskAsync("GET", "/api/guardrails")).Body!["guardrails"]![0]!;
            Assert.Equal(("models", "enforce", "list"), (Text(set, "policy_id"), Text(set, "mode"), Text(set, "form")));
            var track = Assert.Single(set["tracks"]!.AsArray())!;
            Assert.Equal(("rule-1", "agent:agent_a", 2), (Text(track, "rule"), Text(track, "scope"), track["calls"]!.GetValue<int>()));

            var (done, _, reset) = await security.AskAsync("POST", "/api/guardrails/models/reset", """{"rule":"rule-1","scope":"agent:agent_a"}""");
            Assert.Equal((200, 1), (done, reset!["forgotten"]!.GetValue<int>()));
        }

        Assert.Equal((404, Codes.GuardrailNotFound), await RefusedAsync(security, "other", "{}"));
        Assert.Equal((404, Codes.GuardrailNotFound), await RefusedAsync(security, "models", """{"rule":"rule-2"}"""));
        Assert.Equal((400, Codes.GuardrailRequestInvalid), await RefusedAsync(security, "models", """{"scope":""}"""));
        Assert.Equal((400, Codes.GuardrailRequestInvalid), await RefusedAsync(security, "models", """{"tenant":"other"}"""));
        var log = await server.LogAsync();
        Assert.Equal(2, log.Count(entry => entry is { Kind: EntryKind.Admin, Action: "guardrail.reset", Resource.Id: "models", Detail: "rule-1, agent:agent_a" }));
        Assert.Equal(2, log.Count(entry => entry is { Kind: EntryKind.Denied, Code: Codes.GuardrailCallsReached }));
    }

    [Fact]
    public async Task A_call_that_a_later_guard_refuses_is_given_back()
    {
        var broken = new BrokenGuards();
        await using var server = await GatewayServer.StartAsync(broken.Install, Models(1));
        broken.Break("Budgets", onResponse: false, Failing.Denies);
        Assert.Equal(403, (await AskAsync(server.Http, ModelDoors.Chat)).Status);
        broken.Break("", false, Failing.None);
        Assert.Equal(200, (await AskAsync(server.Http, ModelDoors.Chat)).Status);
        Assert.Equal(429, (await AskAsync(server.Http, ModelDoors.Chat)).Status);
    }

    [Fact]
    public async Task What_watches_refuses_nothing_and_stands_in_the_record()
    {
        var settings = Models(1);
        settings["AgentGate:Guardrails:Mode"] = "shadow";
        await using var server = await GatewayServer.StartAsync(settings: settings);
        Assert.Equal(200, (await AskAsync(server.Http, ModelDoors.Chat)).Status);
        Assert.Equal(200, (await AskAsync(server.Http, ModelDoors.Chat)).Status);

        var log = await server.LogAsync();
        Assert.Contains(log, entry => entry.Verdicts.Any(verdict => verdict is { Guard: "GuardrailsShadow", Answer: "deny", Shadow: true, Code: Codes.GuardrailCallsReached }));
    }

    [Fact]
    public async Task Every_fault_of_the_configuration_is_told_at_the_start()
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Guardrails:Policies:0:tool"] = "x",
            ["AgentGate:Guardrails:Policies:0:max_call"] = "1",
            ["AgentGate:Guardrails:Sets:0:policy_id"] = "m",
            ["AgentGate:Guardrails:Sets:0:initial_state"] = "nowhere",
            ["AgentGate:Guardrails:Sets:0:states:a:transitions:0:action"] = "x",
            ["AgentGate:Guardrails:Files:0"] = "/nowhere/guardrails.json",
        }));
        Assert.All(
            [
                "AgentGate:Guardrails:Policies:0:max_call is no setting of a guardrail.", "AgentGate:Guardrails:policies:0:max_calls, ",
                "AgentGate:Guardrails:Sets:0:version is missing.", "AgentGate:Guardrails:Sets:0:initial_state is \"nowhere\"",
                "AgentGate:Guardrails:Sets:0:states:a:transitions:0:next_state is missing.", "/nowhere/guardrails.json cannot be read",
            ],
            part => Assert.Contains(part, refused.Message, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Through_two_servers_at_once_exactly_as_many_calls_pass_as_the_rule_has()
    {
        const int Most = 5;
        var settings = Models(Most, "tenant");
        settings["DATABASE_URL"] = await (await LoopbackServers.PostgresAsync()).CreateDatabaseAsync();
        settings["REDIS_URL"] = $"{(await LoopbackServers.RedisAsync()).Url}?prefix=g{Guid.NewGuid().ToString("n")[..8]}";
        settings["AgentGate:Guardrails:StoreDeadline"] = "00:00:02";
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("N"));
        await using var first = await GatewayServer.StartAsync(settings: settings, directory: directory);
        await using var second = await GatewayServer.StartAsync(settings: settings, directory: directory);
        var key = await first.CreateKeyAsync("agent_a");
        using var one = first.Client(key);
        using var other = second.Client(key);

        using var security = second.Client(await first.CreateKeyAsync("agent_s", Scopes.GuardrailsRead, Scopes.GuardrailsWrite));

        // One each beforehand: a first request is slow. They count, and are forgotten.
        await AskAsync(one, ModelDoors.Chat);
        await AskAsync(other, ModelDoors.Chat);
        Assert.Equal(1, (await security.AskAsync("POST", "/api/guardrails/models/reset", "{}")).Body!["forgotten"]!.GetValue<int>());

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AskAsync(i % 2 == 0 ? one : other, ModelDoors.Chat)));
        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 429, answer.Text));
        Assert.Equal(Most, answers.Count(answer => answer.Status == 200));

        // What the first server counted, the second forgets.
        Assert.Equal(1, (await security.AskAsync("POST", "/api/guardrails/models/reset", "{}")).Body!["forgotten"]!.GetValue<int>());
        Assert.Equal(200, (await AskAsync(one, ModelDoors.Chat)).Status);
    }

    private static async Task<(int Status, string Code)> RefusedAsync(HttpClient http, string id, string body)
    {
        var (status, code, _) = await http.AskAsync("POST", $"/api/guardrails/{id}/reset", body);
        return (status, code);
    }

    private static async Task<(int Status, HttpResponseMessage Response, string Text)> AskAsync(HttpClient http, string route)
    {
        var response = await http.PostAsync(route, ModelDoors.Json(ModelDoors.Body(route).ToJsonString()), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}
