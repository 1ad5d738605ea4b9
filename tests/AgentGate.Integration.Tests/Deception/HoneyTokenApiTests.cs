using AgentGate.Client.Deception;
using AgentGate.Diagnostics;
using AgentGate.Integration.Tests.Policies;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Deception;

/// <summary>Honey tokens over HTTP, from setting one to clearing who touched it.</summary>
public sealed class HoneyTokenApiTests
{
    private const string Canary = "AKIA-Canary-77abcde";

    private static async Task<(int Status, string Code)> SayAsync(PolicyServer server, string text)
    {
        var (response, _) = await server.Server.PostAsync(Door.Chat, Door.Body(Door.Chat, text));
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? "" : response.Code());
    }

    [Fact]
    public async Task Who_says_a_canary_is_denied_everything_until_another_operator_clears_it()
    {
        await using var server = await PolicyServer.StartAsync();
        var token = await server.Client.SetHoneyTokenAsync(new HoneyTokenRequest { TokenType = "CREDENTIAL", Name = "backup key", Value = Canary });
        Assert.Equal(200, (await SayAsync(server, "hello")).Status);

        Assert.Equal((403, Codes.HoneyTouched), await SayAsync(server, $"log in with {Canary}"));
        Assert.Equal((403, Codes.PrincipalSuspended), await SayAsync(server, "hello"));

        var trigger = Assert.Single((await server.Client.ListHoneyTriggersAsync("agent_demo")).Triggers);
        Assert.Equal((token.TokenId, 3, "denied"), (trigger.TokenId, trigger.Severity, trigger.Standing));
        Assert.Equal((403, Codes.HoneySelfCleared), await PolicyServer.RefusedAsync(() => server.Client.ClearPrincipalAsync("agent_demo")) is var (s, p) ? (s, p.Code) : default);
        var other = await server.ClientOfAsync("agent_op", "default", Scopes.DeceptionRead, Scopes.DeceptionWrite);
        Assert.Equal(1, (await other.ClearPrincipalAsync("agent_demo")).Cleared);
        Assert.Equal(200, (await SayAsync(server, "hello")).Status);

        var log = await server.Server.LogAsync();
        Assert.Contains(log, entry => entry.Kind == EntryKind.Denied && entry.Verdicts.Any(verdict => verdict.Findings.Any(finding => finding.Note == token.TokenId)));
        Assert.Equal(["honey.set", "honey.clear"], log.Where(entry => entry.Kind == EntryKind.Admin && entry.Action!.StartsWith("honey.", StringComparison.Ordinal)).Select(entry => entry.Action));
        Assert.DoesNotContain(log, entry => System.Text.Json.JsonSerializer.Serialize(entry).Contains(Canary, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Tokens_and_standings_survive_a_restart_and_values_are_in_no_file()
    {
        var directory = Directory.CreateTempSubdirectory("agentgate-honey").FullName;
        var (first, second, third) = (Path.Combine(directory, "1"), Path.Combine(directory, "2"), Path.Combine(directory, "3"));
        await using (var server = await PolicyServer.StartAsync(directory: first))
        {
            await server.Client.SetHoneyTokenAsync(new HoneyTokenRequest { TokenType = "CREDENTIAL", Name = "backup key", Value = Canary });
            Copy(first, second);
        }

        var files = Directory.GetFiles(second);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.DoesNotContain(Canary, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), StringComparison.OrdinalIgnoreCase);
        }

        await using (var server = await PolicyServer.StartAsync(directory: second))
        {
            Assert.True(Assert.Single((await server.Client.ListHoneyTokensAsync()).Tokens).HasValue);
            Assert.Equal(Codes.HoneyTouched, (await SayAsync(server, Canary)).Code);
            Copy(second, third);
        }

        await using var last = await PolicyServer.StartAsync(directory: third);
        Assert.Equal(Codes.PrincipalSuspended, (await SayAsync(last, "hello")).Code);
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_is_watched_by_nothing_and_removes_nothing()
    {
        await using var server = await PolicyServer.StartAsync();
        var token = await server.Client.SetHoneyTokenAsync(new HoneyTokenRequest { TokenType = "CREDENTIAL", Name = "backup key", Value = Canary });
        var stranger = await server.ClientOfAsync("agent_op", "other", Scopes.DeceptionRead, Scopes.DeceptionWrite);

        Assert.Empty((await stranger.ListHoneyTokensAsync()).Tokens);
        Assert.Equal(404, (await PolicyServer.RefusedAsync(() => stranger.RemoveHoneyTokenAsync(token.TokenId))).Status);
        await server.Client.RemoveHoneyTokenAsync(token.TokenId);
        Assert.Equal(200, (await SayAsync(server, Canary)).Status);
    }

    [Theory]
    [InlineData("""{"token_type":"CREDENTIAL","name":"x","value":"short"}""", "value")]
    [InlineData("""{"token_type":"CREDENTIAL","name":"x","value":"long enough","zeal":1}""", "zeal")]
    [InlineData("""{"token_type":"THING","name":"x","value":"long enough"}""", "token_type")]
    [InlineData("""[]""", "body")]
    public async Task A_request_that_cannot_be_is_refused_by_its_field_and_never_repeated(string body, string field)
    {
        await using var server = await GatewayServer.StartAsync();

        var response = await server.Http.PostAsync("/api/security/honey-tokens", Door.Json(body));

        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains($"\"{field}\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("long enough", text, StringComparison.Ordinal);
    }

    /// <summary>A server deletes its state when it is disposed; what shall be found again is copied before.</summary>
    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", new EnumerationOptions { AttributesToSkip = 0 }).Where(file => Path.GetFileName(file) != "server.lock"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
