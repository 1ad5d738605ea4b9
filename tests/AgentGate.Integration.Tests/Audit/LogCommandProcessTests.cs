using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace AgentGate.Integration.Tests.Audit;

/// <summary>The commands an operator types, as processes over one state directory: a plan is verified, keys are rotated, the log is checked, a change is found.</summary>
public sealed partial class LogCommandProcessTests : IDisposable
{
    private readonly string _state = Path.Combine(Path.GetTempPath(), $"agentgate-commands-{Guid.NewGuid():n}");

    [Fact]
    public async Task Plan_verify_rotate_keys_and_fsck_do_what_their_help_says()
    {
        await VerifyPlanAsync();

        var (exit, words) = await RunAsync(Server, "log", "rotate-keys");
        Assert.Equal(0, exit);
        Assert.Equal(2, Followed().Count(words));
        Assert.Equal(2, (await RunAsync(Server, "log", "rotate")).Exit);

        (exit, words) = await RunAsync(Cli, "log", "fsck", "--state", _state);
        Assert.True(exit == 0, words);
        Assert.Contains("whole", words, StringComparison.Ordinal);

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(_state, "agentgate.db")};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var change = connection.CreateCommand();
            change.CommandText = "UPDATE log_entries SET entry = replace(entry, '\"allow\"', '\"deny_\"') WHERE seq = (SELECT min(seq) FROM log_entries WHERE entry LIKE '%\"allow\"%')";
            Assert.Equal(1, await change.ExecuteNonQueryAsync());
        }

        (exit, words) = await RunAsync(Cli, "log", "fsck", "--state", _state);
        Assert.Equal(1, exit);
        Assert.Contains("BROKEN", words, StringComparison.Ordinal);
    }

    private async Task VerifyPlanAsync()
    {
        using var server = Start(Server, []);
        try
        {
            var url = "";
            while (url.Length == 0 && await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                url = line.StartsWith("AgentGate listens on ", StringComparison.Ordinal) ? line.Split(' ')[3] : "";
            }

            Assert.True(url.Length > 0, "The server does not start.");
            _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
            _ = server.StandardError.ReadToEndAsync(CancellationToken.None);
            var plan = Path.Combine(_state, "plan.json");
            await File.WriteAllTextAsync(plan, """{"steps":[{"action":"callTool","resource":"Tool:crm/find","context":{"arguments":{"id":"c1"}}}]}""");
            var (exit, words) = await RunAsync(Cli, "plan", "verify", plan, "--server", url);
            Assert.True(exit == 0, words);
            await File.WriteAllTextAsync(plan, """{"steps":[{"action":"callTool"}]}""");
            Assert.Equal(1, (await RunAsync(Cli, "plan", "verify", plan, "--server", url)).Exit);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    public void Dispose() => Directory.Delete(_state, recursive: true);

    private const string Server = "AgentGate.Server";
    private const string Cli = "AgentGate.Cli";

    private async Task<(int Exit, string Words)> RunAsync(string program, params string[] args)
    {
        using var process = Start(program, args);
        var (output, faults) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await faults);
    }

    private Process Start(string program, string[] args)
    {
        // Beside this project's own output: artifacts/bin/<project>/<configuration>.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var start = new ProcessStartInfo("dotnet", [Path.Combine(own.Parent!.Parent!.FullName, program, own.Name, program + ".dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["AGENTGATE_PORT"] = "0";
        start.Environment["AGENTGATE_STATE_DIR"] = _state;
        if (File.Exists(Path.Combine(_state, "demo.key")))
        {
            start.Environment["AGENTGATE_API_KEY"] = File.ReadAllText(Path.Combine(_state, "demo.key")).Trim();
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex("is followed by")]
    private static partial Regex Followed();
}
