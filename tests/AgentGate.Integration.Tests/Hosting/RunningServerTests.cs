using System.Text;
using AgentGate.Keys;
using AgentGate.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Hosting;

public sealed class RunningServerTests : IDisposable
{
    private readonly string _directory = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("N"));

    [Fact]
    public async Task A_key_command_beside_a_running_server_leaves_its_calls_and_its_demo_key_alone()
    {
        await using var server = await GatewayServer.StartAsync(directory: _directory);
        var slow = server.Http.PostAsync("/v1/chat/completions", Body("/slow 100\\nhello there, how are you today"));
        while (server.Received.Received.Count == 0)
        {
            await Task.Yield();
        }

        Assert.Equal(0, await RunCommandAsync("keys", "list"));
        Assert.Equal(0, await RunCommandAsync("keys", "create", "--name", "bot", "--scopes", "doors"));

        Assert.True((await slow).IsSuccessStatusCode);
        Assert.True((await server.Http.PostAsync("/v1/chat/completions", Body("again"))).IsSuccessStatusCode);
        var entries = await server.Http.GetStringAsync("/api/audit?limit=100");
        Assert.DoesNotContain("\"unknown\"", entries, StringComparison.Ordinal);
        Assert.Contains("\"valid\":true", await (await server.Http.PostAsync("/api/audit/verify-chain", null)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_second_server_on_the_same_directory_is_refused_and_so_is_fresh(bool fresh)
    {
        await using var server = await GatewayServer.StartAsync(directory: _directory);

        var refused = Assert.Throws<InvalidOperationException>(() => StateDirectory.Open(_directory, fresh));

        Assert.StartsWith("AG7005", refused.Message, StringComparison.Ordinal);
        Assert.True((await server.Http.PostAsync("/v1/chat/completions", Body("still here"))).IsSuccessStatusCode);
    }

    [Fact]
    public void The_next_server_gets_the_directory_of_one_that_stopped()
    {
        StateDirectory.Open(_directory, fresh: false).Dispose();

        using var next = StateDirectory.Open(_directory, fresh: true);

        Assert.True(Directory.Exists(next.Path));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static StringContent Body(string text)
        => new($$"""{"model":"demo-echo","messages":[{"role":"user","content":"{{text}}"}]}""", Encoding.UTF8, "application/json");

    private async Task<int> RunCommandAsync(params string[] args)
    {
        string[] all = [.. args, "--environment", "Production", "--AGENTGATE_STATE_DIR", _directory];
        await using var app = ServerHost.Build(all, builder => builder.Logging.ClearProviders());
        await ServerHost.PrepareCommandAsync(app, CancellationToken.None);
        return await KeyCommands.RunAsync(all, app.Services.GetRequiredService<ApiKeyService>(), TimeProvider.System);
    }
}
