using System.Net;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Clients;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Transparency;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Budgets;

/// <summary>What callers get when there is no price, no money or no bound.</summary>
public sealed class BudgetRefusalTests
{
    [Theory]
    [InlineData(Door.Chat)]
    [InlineData(Door.Responses)]
    [InlineData(Door.Messages)]
    public async Task A_spent_budget_is_a_403_in_the_provider_s_shape_that_no_retry_helps(string route)
    {
        await using var budgets = await BudgetServer.StartAsync(0.000_01m);

        var (response, text) = await budgets.AskAsync(route);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Door.AssertError(route, response, text, Codes.BudgetExhausted);
        Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
        Assert.False(response.Headers.Contains("Retry-After"));
        Assert.Contains("budget day", text, StringComparison.Ordinal);
        Assert.Empty(budgets.Sent);
        Assert.Equal(EntryKind.Denied, (await budgets.Server.LogAsync())[^1].Kind);
    }

    [Theory]
    [InlineData("chat", false)]
    [InlineData("responses", false)]
    [InlineData("messages", false)]
    [InlineData("chat", true)]
    [InlineData("messages", true)]
    public async Task The_official_client_sees_a_refusal_and_does_not_retry(string route, bool stream)
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Budgets:Rules:0:Name"] = "none",
            ["AgentGate:Budgets:Rules:0:LimitUsd"] = "0",
        });
        using var requests = new CountingHandler(null);
        var client = ModelClient.Create(route, server.Url, server.Key, new HttpClient(requests), null);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => client.AskAsync(Question.Of("hello"), stream));

        Assert.Contains(Codes.BudgetExhausted, error.Message, StringComparison.Ordinal);
        Assert.Equal(1, requests.Count);
    }

    [Theory]
    [InlineData(Door.Chat)]
    [InlineData(Door.Responses)]
    [InlineData(Door.Messages)]
    [InlineData(Door.Embeddings)]
    public async Task A_model_without_a_price_is_refused_also_without_a_budget(string route)
    {
        await using var upstream = await FakeUpstream.StartAsync();
        await using var server = await GatewayServer.StartAsync(
            settings: new Dictionary<string, string?>(upstream.Settings) { ["AgentGate:Budgets:UseShippedDefault"] = "false" });
        var body = Door.Body(route);
        body["model"] = FakeUpstream.ModelOf(route);

        var (response, text) = await server.PostAsync(route, body);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Door.AssertError(route, response, text, Codes.ModelWithoutPrice);
    }

    [Theory]
    [InlineData("web_search_options", "{}")]
    [InlineData("prediction", """{"type":"content","content":"x"}""")]
    [InlineData("service_tier", "\"priority\"")]
    [InlineData("n_predict", "100000")]
    [InlineData("best_of", "100")]
    public async Task A_chat_whose_cost_has_no_bound_is_refused(string member, string value)
    {
        await using var budgets = await BudgetServer.StartAsync(settings: new Dictionary<string, string?>
        {
            ["AgentGate:Policies:UseShippedDefault"] = "true",
            ["AgentGate:Policies:Permit:0:Action"] = "*",
        });

        var (response, _) = await budgets.AskAsync(Door.Chat, body => body[member] = JsonNode.Parse(value));

        Assert.Equal(Codes.CostUnbounded, response.Code());
    }

    [Theory]
    [InlineData(Door.Chat, "models", "[\"another/model\"]")]
    [InlineData(Door.Chat, "fallbacks", "[\"another/model\"]")]
    [InlineData(Door.Responses, "plugins", "[{\"id\":\"web\"}]")]
    [InlineData(Door.Messages, "models", "[\"another/model\"]")]
    public async Task What_lets_another_model_answer_is_refused_also_without_a_budget(string route, string member, string value)
    {
        await using var server = await GatewayServer.StartAsync();
        var body = Door.Body(route);
        body[member] = JsonNode.Parse(value);

        var (response, text) = await server.PostAsync(route, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Door.AssertError(route, response, text, Codes.InvalidField);
    }

    [Theory]
    [InlineData(Door.Chat, "max_tokens", "\"5\"")]
    [InlineData(Door.Chat, "max_completion_tokens", "1.5")]
    [InlineData(Door.Chat, "n", "0")]
    [InlineData(Door.Chat, "n", "1000")]
    [InlineData(Door.Responses, "max_output_tokens", "-1")]
    [InlineData(Door.Messages, "max_tokens", "1e3")]
    public async Task A_bound_that_is_no_whole_number_is_refused_before_any_guard(string route, string member, string value)
    {
        await using var budgets = await BudgetServer.StartAsync();

        var (response, _) = await budgets.AskAsync(route, body => body[member] = JsonNode.Parse(value));

        Assert.Equal((HttpStatusCode.BadRequest, Codes.InvalidField), (response.StatusCode, response.Code()));
    }

    [Fact]
    public async Task Without_a_budget_the_body_leaves_byte_for_byte()
    {
        await using var budgets = await BudgetServer.StartAsync(settings: new Dictionary<string, string?> { ["AgentGate:Budgets:Rules:0:Principal"] = "somebody" });
        budgets.Says("""{"choices":[{"index":0,"message":{"role":"assistant","content":"hi"}}]}""");
        const string Body = """{ "model":"m",  "messages":[ {"role":"user","content":"hello"} ], "stream":false }""";

        await budgets.Server.Http.PostAsync(Door.Chat, Door.Json(Body));

        Assert.Equal(Body, Assert.Single(budgets.Sent));
    }

    [Fact]
    public async Task Sixty_four_callers_at_once_do_not_pass_the_budget()
    {
        await using var budgets = await BudgetServer.StartAsync(0.002m);
        budgets.Says("""{"choices":[{"index":0,"message":{"role":"assistant","content":"hi"}}],"usage":{"prompt_tokens":40,"completion_tokens":16}}""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => budgets.AskAsync(Door.Chat, body => body["max_tokens"] = 16)));

        var state = await budgets.StateAsync();
        Assert.InRange(state.SpentUsd, 0.000_072m, 0.002m);
        Assert.Equal(0m, state.ReservedUsd);
        Assert.Equal(answers.Count(answer => answer.Response.IsSuccessStatusCode) * 0.000_072m, state.SpentUsd);
        Assert.All(answers.Where(answer => !answer.Response.IsSuccessStatusCode), answer => Assert.Equal(Codes.BudgetExhausted, answer.Response.Code()));
    }

    [Fact]
    public async Task The_demo_has_its_budgets_and_another_key_may_not_read_them()
    {
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?> { ["AgentGate:Budgets:UseShippedDefault"] = "true" });

        var (response, text) = await server.PostAsync(Door.Chat, Door.Body(Door.Chat));
        Assert.True(response.IsSuccessStatusCode, text);
        var list = JsonNode.Parse(await server.Http.GetStringAsync("/api/budgets"))!;
        var demo = Assert.Single(list["budgets"]!.AsArray())!;
        Assert.Equal(("demo-daily", 10m), (demo["rule"]!.GetValue<string>(), demo["limit_usd"]!.GetValue<decimal>()));
        Assert.True(demo["spent_usd"]!.GetValue<decimal>() > 0);
        Assert.NotEmpty(list["prices"]!["version"]!.GetValue<string>());

        server.Http.DefaultRequestHeaders.Remove("Authorization");
        server.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + await server.CreateKeyAsync("agent_2"));
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Http.GetAsync("/api/budgets")).StatusCode);
    }
}
