using System.Text;

namespace AgentGate.Integration.Tests.Gateway;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"demo-echo","messages":[{"role":"user","content":"My SSN is 123-45-6789"}]}""")]
    [InlineData("/v1/chat/completions", """{"model":"demo-echo","stream":true,"messages":[{"role":"user","content":"My SSN is 123-45-6789"}]}""")]
    [InlineData("/v1/responses", """{"model":"demo-echo","input":"My SSN is 123-45-6789"}""")]
    [InlineData("/v1/messages", """{"model":"demo-echo","max_tokens":99,"messages":[{"role":"user","content":"My SSN is 123-45-6789"}]}""")]
    public async Task The_provider_gets_a_token_and_the_caller_gets_the_value(string route, string body)
    {
        await using var server = await GatewayServer.StartAsync();

        var answer = await server.Http.PostAsync(route, new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.True(answer.IsSuccessStatusCode);
        var received = Encoding.UTF8.GetString(Assert.Single(server.Received.Received).Body.Span);
        Assert.Contains("<SSN_1>", received, StringComparison.Ordinal);
        Assert.DoesNotContain("123-45-6789", received, StringComparison.Ordinal);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("SSN_1", text, StringComparison.Ordinal);
        if (!body.Contains("stream", StringComparison.Ordinal))
        {
            Assert.Contains("123-45-6789", text, StringComparison.Ordinal);
        }
    }
}
