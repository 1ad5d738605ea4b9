using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Storage.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Security;

/// <summary>
/// A real server under load is killed at a random point, again and again, on the same state directory (<c>./run crash</c>: 200 rounds).
/// After each restart the log verifies, no acknowledged decision is missing, and no effect ran without its intent.
/// </summary>
public sealed class CrashRounds(ITestOutputHelper output)
{
    private const int Callers = 8;

    private static int Rounds { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("AGENTGATE_CRASH_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds > 0 ? rounds : 3;

    private static int Seed { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("AGENTGATE_CRASH_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : 20261123;

    [Theory]
    [InlineData("Commit")]
    [InlineData("Write")]
    public async Task Killed_again_and_again_the_log_verifies_and_nothing_acknowledged_is_missing(string durability)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"agentgate-crash-{Environment.ProcessId}-{durability}");
        await using var upstream = await CountingUpstream.StartAsync();
        var dice = new Random(Seed);
        var acknowledged = new ConcurrentBag<string>();
        var (watch, largest) = (Stopwatch.StartNew(), 0L);
        try
        {
            var rounds = durability == "Commit" ? (Rounds + 1) / 2 : Rounds / 2;
            for (var round = 1; round <= Math.Max(1, rounds); round++)
            {
                await KillOnceAsync(directory, durability, upstream, acknowledged, round, dice.Next(0, 400));
                var size = Check(directory, acknowledged, upstream.Effects);
                Assert.True(size >= largest, $"round {round}: the log became shorter, from {largest} to {size}.");
                largest = size;
                if (round % 10 == 0)
                {
                    // Long runs show that they move.
                    output.WriteLine($"{durability}: {round} of {rounds} rounds, {acknowledged.Count} calls acknowledged, {upstream.Effects.Count} effects, {size} entries, {watch.Elapsed.TotalSeconds:N0} s");
                }
            }

            output.WriteLine($"{durability}: {rounds} rounds in {watch.Elapsed.TotalSeconds:N0} s, {acknowledged.Count} calls acknowledged, {upstream.Effects.Count} effects, {largest} entries");
            Assert.NotEmpty(acknowledged);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task KillOnceAsync(
        string directory, string durability, CountingUpstream upstream, ConcurrentBag<string> acknowledged, int round, int delay)
    {
        using var process = Start(directory, durability, upstream.Url, out var url);
        var key = (await File.ReadAllTextAsync(Path.Combine(directory, "demo.key"))).Trim();
        using var stop = new CancellationTokenSource();
        var before = acknowledged.Count;
        var load = Enumerable.Range(0, Callers).Select(caller => LoadAsync(url, key, $"m-{round}-{caller}", acknowledged, stop.Token)).ToList();

        // Once it answers, at a moment that the dice chose: between an intent and its effect, in a commit, in a checkpoint.
        var answering = Stopwatch.StartNew();
        while (acknowledged.Count == before && answering.Elapsed < TimeSpan.FromSeconds(30))
        {
            await Task.Delay(5);
        }

        await Task.Delay(delay);
        process.Kill();
        await process.WaitForExitAsync();
        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    /// <summary>Looks at what is left from outside, before any restart repairs it.</summary>
    private static long Check(string directory, ConcurrentBag<string> acknowledged, ConcurrentDictionary<string, int> effects)
    {
        var keys = SigningKeyFile.Read(Path.Combine(directory, "signing.keys"))!;
        using var connection = LogFsck.Open(Path.Combine(directory, "agentgate.db"));
        var report = new LogFsck(connection, new FsckMaterial
        {
            ChainKeys = FileLogKeySource.OpenForReading(Path.Combine(directory, "log.key")),
            SigningKeys = [.. keys.Keys.Select(key => key.Public)],
            Name = keys.Name,
            Checkpoints = new CheckpointFiles(Path.Combine(directory, "checkpoints")).ReadAll(),
        }).Run();
        Assert.Empty(report.Findings);

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT entry ->> '$.kind', entry ->> '$.call_id', entry ->> '$.resource.id' FROM log_entries WHERE entry ->> '$.kind' IN ('intent', 'outcome')";
        using var reader = command.ExecuteReader();
        var (intents, outcomes, models) = (new HashSet<string>(), new HashSet<string>(), new HashSet<string>());
        while (reader.Read())
        {
            Assert.True((reader.GetString(0) == "intent" ? intents : outcomes).Add(reader.GetString(1)), "A call has two intents or two outcomes.");
            if (reader.GetString(0) == "intent")
            {
                models.Add(reader.GetString(2));
            }
        }

        Assert.All(acknowledged, id => Assert.True(intents.Contains(id) && outcomes.Contains(id), $"{id} was acknowledged and is not on record."));
        Assert.All(effects.Keys, model => Assert.True(models.Contains(model), $"The effect {model} ran without an intent."));
        Assert.All(outcomes, id => Assert.Contains(id, intents));
        return report.Entries;
    }

    private static async Task LoadAsync(string url, string key, string prefix, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                // A model of its own for every call: what the provider received is found in the log by it.
                using var response = await http.PostAsync(
                    "/v1/chat/completions", Doors.Json($$"""{"model":"{{prefix}}-{{turn}}","messages":[{"role":"user","content":"hello"}]}"""), stop);
                await response.Content.ReadAsStringAsync(stop);
                if (response.IsSuccessStatusCode)
                {
                    acknowledged.Add(response.Headers.GetValues("x-agentgate-call-id").Single());
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or OperationCanceledException or IOException)
            {
                return;
            }
        }
    }

    private static Process Start(string directory, string durability, string upstream, out string url)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentGate.Server.dll"));
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["AGENTGATE_PORT"] = "0",
            ["AGENTGATE_HOST"] = "127.0.0.1",
            ["AGENTGATE_STATE_DIR"] = directory,
            ["AgentGate__Audit__Durability"] = durability,
            ["AgentGate__Signing__CheckpointInterval"] = "00:00:00.050",
            ["AgentGate__Limits__Rules__0__Name"] = "tests",
            ["AgentGate__Limits__Rules__0__Calls"] = "100000000",
            ["AgentGate__Budgets__UseShippedDefault"] = "false",
            ["AgentGate__Budgets__Prices__*__Input"] = "0",
            ["AgentGate__Budgets__Prices__*__Output"] = "0",
            ["AgentGate__Providers__counted__Kind"] = "openai",
            ["AgentGate__Providers__counted__BaseUrl"] = upstream,
            ["AgentGate__Providers__counted__ApiKey"] = "unused",
            ["AgentGate__Providers__counted__Models__0"] = "m-*",
        })
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        url = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.StartsWith("AgentGate listens on ", StringComparison.Ordinal))
            {
                url = line.Split(' ')[3];
                break;
            }
        }

        _ = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        Assert.True(url.Length > 0, url.Length > 0 ? "" : "The server does not start: " + errors.GetAwaiter().GetResult());
        return process;
    }

    /// <summary>A provider that answers everything and remembers every effect it was asked for.</summary>
    private sealed class CountingUpstream(WebApplication app) : IAsyncDisposable
    {
        public ConcurrentDictionary<string, int> Effects { get; } = new(StringComparer.Ordinal);

        public string Url => app.Urls.First() + "/v1";

        public static async Task<CountingUpstream> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var upstream = new CountingUpstream(app);
            app.MapPost("/v1/chat/completions", async (HttpContext context) =>
            {
                var model = (await JsonNode.ParseAsync(context.Request.Body))!["model"]!.GetValue<string>();
                upstream.Effects.AddOrUpdate(model, 1, (_, count) => count + 1);
                return TypedResults.Text(
                    $$$"""{"id":"c","object":"chat.completion","created":1,"model":"{{{model}}}","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}""",
                    "application/json");
            });
            await app.StartAsync();
            return upstream;
        }

        public async ValueTask DisposeAsync() => await app.DisposeAsync();
    }
}
