using System.Diagnostics;
using System.Globalization;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Certificates;
using AgentGate.Loopback;
using Microsoft.AspNetCore.Http;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>
/// A server's file moved into PostgreSQL by the command line, and served from there: log, certificates, keys and PII sessions go on.
/// <c>./run copy</c> does it with 100,000 entries.
/// </summary>
public sealed class MovedFileTests(ITestOutputHelper output)
{
    private const string Ssn = "123-45-6789";

    private static int Entries { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("AGENTGATE_COPY_ENTRIES"), NumberStyles.None, CultureInfo.InvariantCulture, out var entries) && entries > 0 ? entries : 200;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Log_certificates_keys_and_conversations_go_on_in_the_cluster()
    {
        var state = Path.Combine(Path.GetTempPath(), "agentgate-moved-" + Guid.NewGuid().ToString("n")[..12]);
        await using var upstream = await FakeUpstream.StartAsync();
        upstream.Answer = Say("fine");
        var settings = upstream.Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value!);
        settings["AGENTGATE_STATE_DIR"] = state;
        settings["AgentGate__Limits__Rules__0__Name"] = "tests";
        settings["AgentGate__Limits__Rules__0__Calls"] = "100000000";
        settings["AgentGate__Budgets__UseShippedDefault"] = "false";
        settings["AgentGate__Budgets__Prices__*__Input"] = "0";
        settings["AgentGate__Budgets__Prices__*__Output"] = "0";
        try
        {
            string decision, key;
            byte[] keys;
            var watch = Stopwatch.StartNew();
            await using (var embedded = await ServerProcess.StartAsync(settings))
            {
                key = (await File.ReadAllTextAsync(Path.Combine(state, "demo.key"), Stop)).Trim();
                embedded.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
                keys = await embedded.Http.GetByteArrayAsync("/.well-known/agentgate/keys.json", Stop);
                decision = await AskAsync(embedded.Http, $"My SSN was 321-54-9876 and is {Ssn}", "fine");
                await Parallel.ForAsync(0, Entries / 2, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Stop }, async (_, _) => await AskAsync(embedded.Http, "hello", "fine"));
            }

            output.WriteLine($"{Entries} entries made in {watch.Elapsed.TotalSeconds:N1} s");
            var postgres = await LoopbackServers.PostgresAsync();
            var database = await postgres.CreateDatabaseAsync();
            watch.Restart();
            var (exit, said) = await CliAsync(database, "db", "copy", "--from", state);
            output.WriteLine($"copied in {watch.Elapsed.TotalSeconds:N1} s:\n{said}");
            Assert.True(exit == 0, said);
            Assert.Contains("compared    every row", said, StringComparison.Ordinal);
            Assert.Equal(2, (await CliAsync(database, "db", "copy", "--from", state)).Exit);

            settings["DATABASE_URL"] = database;
            settings["REDIS_URL"] = $"{(await LoopbackServers.RedisAsync()).Url}?prefix=moved{Guid.NewGuid().ToString("n")[..8]}";
            await using (var server = await ServerProcess.StartAsync(settings))
            {
                server.Http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
                var verified = await (await server.Http.PostAsync("/api/audit/verify-chain", null, Stop)).Content.ReadAsStringAsync(Stop);
                Assert.Contains("\"valid\":true", verified, StringComparison.Ordinal);

                // A decision from before the move, re-executed and found in the log with the keys of before: nothing was signed anew.
                await VerifiesAsync(server.Http, decision, keys);

                // The conversation's session still knows its values: this one has the second token, as before, and not the first of a new session.
                upstream.Answer = Say("<SSN_2>");
                await VerifiesAsync(server.Http, await AskAsync(server.Http, $"It is {Ssn}", Ssn), keys);
            }

            // Another server, with keys of its own, is refused.
            settings["AGENTGATE_STATE_DIR"] = Path.Combine(state, "other");
            Assert.Contains("AG7016", (await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartAsync(settings))).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(state, recursive: true);
        }
    }

    private static async Task VerifiesAsync(HttpClient http, string decision, byte[] keys)
    {
        var bundle = await http.GetByteArrayAsync($"/api/security/certificates/{decision}/bundle", Stop);

        var report = BundleVerifier.Verify(default, bundle, VerifierKeys.Read(keys));

        Assert.True(report.Valid, string.Join('\n', report.Steps.Select(step => $"{step.Name}: {step.Outcome} {step.Explanation}")));
        Assert.True(report.ReExecuted);
        Assert.Equal(decision, report.Certificate!.DecisionId);
    }

    private static RequestDelegate Say(string text) => context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            $$$"""{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{text}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""");
    };

    private static async Task<string> AskAsync(HttpClient http, string text, string answer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = Security.Doors.Json($$"""{"model":"m","messages":[{"role":"user","content":"{{text}}"}]}"""),
            Headers = { { "x-agentgate-session", "moved" } },
        };
        using var response = await http.SendAsync(request, Stop);
        Assert.Contains(answer, await response.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        return response.Headers.GetValues("x-agentgate-decision").Single();
    }

    private static async Task<(int Exit, string Said)> CliAsync(string database, params string[] arguments)
    {
        // Beside this project's own output: artifacts/bin/<project>/<configuration>.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "AgentGate.Cli", own.Name, "AgentGate.Cli.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DATABASE_URL"] = database;
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(Stop), process.StandardError.ReadToEndAsync(Stop));
        await process.WaitForExitAsync(Stop);
        return (process.ExitCode, await said + await complained);
    }
}
