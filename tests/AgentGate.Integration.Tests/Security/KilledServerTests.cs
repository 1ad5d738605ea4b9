using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Integration.Tests.Security;

/// <summary>A server killed in the middle of its work loses nothing that a caller was told.</summary>
public sealed class KilledServerTests
{
    [Theory]
    [InlineData("Commit")]
    [InlineData("Write")]
    public async Task After_a_kill_the_chain_verifies_and_every_acknowledged_call_is_on_record(string durability)
    {
        var directory = Path.Combine(Path.GetTempPath(), $"agentgate-kill-{Environment.ProcessId}-{durability}");
        var acknowledged = new ConcurrentBag<string>();
        using (var process = Start(directory, durability, out var url))
        {
            var key = (await File.ReadAllTextAsync(Path.Combine(directory, "demo.key"))).Trim();
            using var stop = new CancellationTokenSource();
            var load = Enumerable.Range(0, 16).Select(client => LoadAsync(url, key, client, acknowledged, stop.Token)).ToList();
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < TimeSpan.FromSeconds(20) && acknowledged.Count < 200)
            {
                await Task.Yield();
            }

            process.Kill();
            await process.WaitForExitAsync();
            await stop.CancelAsync();
            await Task.WhenAll(load);
        }

        Assert.True(acknowledged.Count >= 100, $"Only {acknowledged.Count} calls were answered; the sample is too small.");
        await using var server = await GatewayServer.StartAsync(
            settings: new Dictionary<string, string?> { ["AgentGate:Budgets:UseShippedDefault"] = "true" }, directory: directory);
        var verified = await server.Http.PostAsync("/api/audit/verify-chain", Doors.Json("{}"));
        var report = JsonNode.Parse(await verified.Content.ReadAsStringAsync())!;
        Assert.True(verified.IsSuccessStatusCode, report.ToJsonString());
        Assert.True(report["valid"]!.GetValue<bool>(), report.ToJsonString());

        var entries = await server.LogAsync();
        var intents = entries.Where(e => e.Kind == EntryKind.Intent).ToLookup(e => e.CallId!);
        var outcomes = entries.Where(e => e.Kind == EntryKind.Outcome).ToLookup(e => e.CallId!);
        Assert.All(acknowledged, id => Assert.True(intents[id].Count() == 1 && outcomes[id].Count() == 1, $"{id} is not on record."));
        Assert.All(acknowledged, id => Assert.Equal(OutcomeKind.Completed, outcomes[id].Single().Outcome));
        Assert.All(intents, intent => Assert.Single(outcomes[intent.Key]));
        Assert.All(outcomes, outcome => Assert.Single(intents[outcome.Key]));
        // The money too: what the budget says is spent is what the log's outcomes charged, those of unknown calls in full.
        var charged = outcomes.SelectMany(o => o).SelectMany(o => o.Budgets).Where(p => p.Rule == "demo-daily").ToList();
        var budgets = JsonNode.Parse(await server.Http.GetStringAsync("/api/budgets"))!["budgets"]!.AsArray();
        var spent = budgets.Where(b => b!["rule"]!.GetValue<string>() == "demo-daily").Sum(b => b!["spent_usd"]!.GetValue<decimal>());
        Assert.Contains(charged, posting => posting.NanoUsd > 0);
        Assert.Equal(charged.Where(p => p.Window == charged.Max(c => c.Window)).Sum(p => p.NanoUsd) / 1_000_000_000m, spent);
        Assert.All(
            outcomes.SelectMany(o => o).Where(o => o.Outcome == OutcomeKind.Unknown && o.Action == "callModel"),
            o => Assert.Equal(intents[o.CallId!].Single().Budgets, o.Budgets));

        Assert.All(outcomes.SelectMany(o => o), o => Assert.True(o.Outcome is OutcomeKind.Completed or OutcomeKind.Unknown or OutcomeKind.Cancelled));
    }

    private static async Task LoadAsync(string url, string key, int client, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                var route = Doors.Answering[(client + turn) % 3];
                using var response = await http.PostAsync(
                    route, Doors.Json(Doors.Body(route, $"my number is 123-45-{1000 + client}", turn % 2 == 0).ToJsonString()), stop);

                // Complete is what has its last byte: a broken-off answer throws here.
                var text = await response.Content.ReadAsStringAsync(stop);
                if (response.IsSuccessStatusCode && (turn % 2 != 0 || IsWhole(text)))
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

    private static bool IsWhole(string stream)
        => stream.Contains("[DONE]", StringComparison.Ordinal) || stream.Contains("message_stop", StringComparison.Ordinal)
            || stream.Contains("response.completed", StringComparison.Ordinal);

    private static Process Start(string directory, string durability, out string url)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentGate.Server.dll"));
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["AGENTGATE_PORT"] = "0";
        start.Environment["AGENTGATE_HOST"] = "127.0.0.1";
        start.Environment["AGENTGATE_STATE_DIR"] = directory;
        start.Environment["AgentGate__Audit__Durability"] = durability;
        start.Environment["AgentGate__Limits__Rules__0__Name"] = "tests";
        start.Environment["AgentGate__Limits__Rules__0__Calls"] = "1000000";
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

        // A full pipe would stop the server's logging.
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        Assert.NotEmpty(url);
        return process;
    }
}
