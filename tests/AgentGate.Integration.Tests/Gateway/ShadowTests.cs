using System.Text;

namespace AgentGate.Integration.Tests.Gateway;

public sealed class ShadowTests
{
    private const string Body = """{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}""";

    private static readonly Dictionary<string, string?> Forbidding = new()
    {
        ["AgentGate:Policies:Forbid:0:Action"] = "callModel",
    };

    [Fact]
    public async Task A_policy_in_shadow_is_recorded_and_not_enforced()
    {
        await using var server = await GatewayServer.StartAsync(
            settings: new Dictionary<string, string?>(Forbidding) { ["AgentGate:Gate:Shadow:0"] = "Admissibility" });

        var answer = await server.Http.PostAsync("/v1/chat/completions", new StringContent(Body, Encoding.UTF8, "application/json"));

        Assert.True(answer.IsSuccessStatusCode);
        var trace = await server.Http.GetStringAsync("/api/traces/latest");
        Assert.Contains("\"AG1202\"", trace, StringComparison.Ordinal);
        Assert.Contains("\"shadow\":true", trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_policy_is_enforced_otherwise()
    {
        await using var server = await GatewayServer.StartAsync(settings: Forbidding);

        var answer = await server.Http.PostAsync("/v1/chat/completions", new StringContent(Body, Encoding.UTF8, "application/json"));

        Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(server.Received.Received);
    }

    [Fact]
    public async Task A_guard_that_protects_whatever_the_rules_say_cannot_be_put_into_shadow()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => GatewayServer.StartAsync(
            settings: new Dictionary<string, string?> { ["AgentGate:Gate:Shadow:0"] = "Pii" }));

        Assert.Contains("AgentGate:Gate:Shadow", refused.Message, StringComparison.Ordinal);
    }
}
