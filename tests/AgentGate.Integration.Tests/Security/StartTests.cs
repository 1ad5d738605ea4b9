using AgentGate.Server.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Security;

/// <summary>What stops the start, and what the state directory looks like.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("agentgate-start-").FullName;

    private string State => Path.Combine(_directory, "state");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> RefusalAsync(string name, string value, params string[] more)
    {
        var refused = await Record.ExceptionAsync(async () =>
        {
            await using var app = ServerHost.Build(
                ["--environment", "Development", "--AGENTGATE_HOST", "127.0.0.1", "--AGENTGATE_STATE_DIR", State, "--AGENTGATE_PORT", "0", "--" + name, value, .. more],
                builder => builder.Logging.ClearProviders());
            await ServerHost.PrepareAsync(app, CancellationToken.None);
            await app.StartAsync();
        });
        Assert.True(refused is InvalidOperationException or OptionsValidationException, $"{name}={value}: {refused?.ToString() ?? "it started"}");
        return refused!.Message + "\n" + refused.InnerException?.Message;
    }

    [Theory]
    [InlineData("AGENTGATE_PORT", "eighty", "AGENTGATE_PORT")]
    [InlineData("AGENTGATE_PORT", "70000", "AGENTGATE_PORT")]
    [InlineData("MAX_REQUEST_BODY_BYTES", "many", "MAX_REQUEST_BODY_BYTES")]
    [InlineData("AgentGate:Gateway:DepthMax", "100000", "DepthMax")]
    [InlineData("AgentGate:Gateway:DepthMaximum", "64", "DepthMaximum")]
    [InlineData("AgentGate:Polices:Forbid:0:Resource", "delete_*", "Polices")]
    [InlineData("AgentGate:Policies:Forbid:0:Action", "calltools", "calltools")]
    [InlineData("AgentGate:Policies:Forbid:0:Ressource", "delete_*", "Ressource")]
    [InlineData("AgentGate:Policies:Forbid:0:Resource", "delete_?*", "AgentGate:Policies")]
    [InlineData("AgentGate:Policies:AllowUnread:0", "images", "AllowUnread")]
    [InlineData("AgentGate:Policies:Directory", "/nowhere/at/all", "AgentGate:Policies:Directory")]
    [InlineData("AgentGate:Policies:Inline:0", "permit (principal, action, resource) when { resource.nmae };", "AgentGate:Policies:Inline:0:1:")]
    [InlineData("AgentGate:Policies:Inline:0", "permit (principal, action, resource", "AgentGate:Policies:Inline:0:1:")]
    [InlineData("AgentGate:Tools:Declared:0:Effects:0", "destroy", "destroy")]
    [InlineData("AgentGate:Gate:RecordDeadline", "-00:00:00.0010000", "RecordDeadline")]
    [InlineData("AgentGate:Gate:TraceBytesMax", "-1", "TraceBytesMax")]
    [InlineData("AgentGate:Pii:CustomTypes:0:Pattern", "(", "Pii")]
    [InlineData("PII_VAULT_ENCRYPTION_KEY", "short", "PII_VAULT_ENCRYPTION_KEY")]
    [InlineData("AGENTGATE_HMAC_SECRET", "short", "AGENTGATE_HMAC_SECRET")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_and_is_named(string name, string value, string named)
        => Assert.Contains(named, await RefusalAsync(name, value), StringComparison.OrdinalIgnoreCase);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_directory_without_our_mark_is_left_alone(bool fresh)
    {
        Directory.CreateDirectory(State);
        var file = Path.Combine(State, "precious.txt");
        File.WriteAllText(file, "mine");

        Assert.Contains("AG7002", Assert.Throws<InvalidOperationException>(() => StateDirectory.Open(State, fresh)).Message, StringComparison.Ordinal);

        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void Fresh_deletes_what_an_earlier_server_left()
    {
        StateDirectory.Open(State, fresh: false).Dispose();
        File.WriteAllText(Path.Combine(State, "old"), "x");

        StateDirectory.Open(State, fresh: true).Dispose();

        Assert.False(File.Exists(Path.Combine(State, "old")));
    }

    [Fact]
    public void An_empty_directory_that_others_may_read_is_closed_to_them()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(State);
        File.SetUnixFileMode(State, (UnixFileMode)0b111_101_101);

        StateDirectory.Open(State, fresh: false).Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(State));
        foreach (var file in Directory.EnumerateFiles(State, "*", new EnumerationOptions { AttributesToSkip = 0 }))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Theory]
    [InlineData("vault.key", "AG7003")]
    [InlineData("log.key", "AG4007")]
    public async Task A_secret_that_others_can_read_stops_the_start(string file, string code)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        StateDirectory.Open(State, fresh: false).Dispose();
        var path = Path.Combine(State, file);
        await File.WriteAllTextAsync(path, new string('a', 64));
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);

        var message = await RefusalAsync("x", "y");

        Assert.Contains(code, message, StringComparison.Ordinal);
        Assert.Contains(file, message, StringComparison.Ordinal);
    }
}
