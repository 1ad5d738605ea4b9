using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Dashboard.Playground;
using AgentGate.Integration.Tests.Security;

namespace AgentGate.Integration.Tests.Playground;

/// <summary>The scenarios of the README by HTTP, as any agent sends them.</summary>
public sealed class ScenarioTests
{
    private static async Task<(HttpResponseMessage Response, string Answer)> SendAsync(GatewayServer server, string message)
    {
        var body = new JsonObject
        {
            ["model"] = "demo-echo",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = message }),
        };
        var response = await server.Http.PostAsync("/v1/chat/completions", Security.Doors.Json(body.ToJsonString()));
        return (response, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.ToJsonString());
    }

    [Theory]
    [InlineData("ssn", "SSN_1", "123-45-6789")]
    [InlineData("email", "EMAIL_1", "ceo@company.com")]
    [InlineData("card", "CREDIT_CARD_1", "4111-1111-1111-1111")]
    public async Task Personal_data_leaves_as_a_token_and_comes_back(string scenario, string token, string value)
    {
        await using var server = await GatewayServer.StartAsync();

        var (response, answer) = await SendAsync(server, Scenario.Find(scenario)!.Message);

        Assert.True(response.IsSuccessStatusCode, answer);
        var received = Encoding.UTF8.GetString(server.Received.Received[^1].Body.Span);
        Assert.Contains(token, received, StringComparison.Ordinal);
        Assert.DoesNotContain(value, received, StringComparison.Ordinal);
        Assert.Contains(value, answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sql")]
    [InlineData("shell")]
    [InlineData("xss")]
    public async Task An_attack_is_blocked_before_the_provider(string scenario)
    {
        await using var server = await GatewayServer.StartAsync();

        var (response, answer) = await SendAsync(server, Scenario.Find(scenario)!.Message);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.StartsWith("AG20", response.Code(), StringComparison.Ordinal);
        Assert.Empty(server.Received.Received);
        Assert.DoesNotContain(Scenario.Find(scenario)!.Message, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_burst_is_throttled_with_the_time_to_try_again()
    {
        // A setting of the section, so that the shipped rules stay in force.
        await using var server = await GatewayServer.StartAsync(settings: new Dictionary<string, string?> { ["AgentGate:Limits:Servers"] = "1" });
        var scenario = Scenario.Find("burst")!;
        var statuses = new List<int>();
        HttpResponseMessage? last = null;
        for (var sent = 0; sent < scenario.Times; sent++)
        {
            (last, _) = await SendAsync(server, scenario.Message);
            statuses.Add((int)last.StatusCode);
        }

        Assert.Equal(20, statuses.Count(status => status == 200));
        Assert.All(statuses.Skip(20), status => Assert.Equal(429, status));
        Assert.InRange(last!.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(0, RateLimit.Read(last.Headers.GetValues("RateLimit").Single(), null)!.Remaining);
    }

    [Fact]
    public async Task Harmless_text_passes()
    {
        await using var server = await GatewayServer.StartAsync();

        var (response, answer) = await SendAsync(server, Scenario.Find("benign")!.Message);

        Assert.True(response.IsSuccessStatusCode, answer);
        Assert.Contains("I have a cat | issue #42", answer, StringComparison.Ordinal);
    }
}
