using System.Collections.Concurrent;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>
/// Under load, Redis, PostgreSQL and a server are killed and started again. What each rule declares holds, nothing acknowledged is
/// lost, no effect ran without its intent, and the servers recover by themselves.
/// </summary>
public sealed class LostStoreTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_recovery = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_PostgreSQL_and_a_server_are_killed_under_load_and_nothing_acknowledged_is_lost()
    {
        await using var bench = await ClusterBench.StartAsync(own: true, new Dictionary<string, string>
        {
            ["AgentGate__Audit__InstanceLease"] = "00:00:05",
            ["AgentGate__Limits__Rules__1__Name"] = "strict",
            ["AgentGate__Limits__Rules__1__Calls"] = "1000",
            ["AgentGate__Limits__Rules__1__Principal"] = "strict",
            ["AgentGate__Limits__Rules__1__Window"] = "00:00:02",
            ["AgentGate__Limits__Rules__2__Name"] = "shared",
            ["AgentGate__Limits__Rules__2__Calls"] = "20",
            ["AgentGate__Limits__Rules__2__Principal"] = "shared",
            ["AgentGate__Limits__Rules__2__OnStoreLoss"] = "LocalShare",
            ["AgentGate__Limits__Rules__2__Window"] = "00:10:00",
        });
        var (strict, shared) = ((await bench.KeyAsync("strict")).Text, (await bench.KeyAsync("shared")).Text);
        var acknowledged = new ConcurrentBag<string>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 8).Select(caller => LoadAsync(bench, $"m-{caller}", acknowledged, stop.Token)).ToList();
        await Progress(acknowledged, 20);

        // Ten of the twenty are counted in Redis, five are each server's own: the ten are spent before anything is lost.
        var passed = 0;
        for (var i = 0; i < 10; i++)
        {
            passed += await StatusAsync(bench, shared, i % 2) == 200 ? 1 : 0;
        }

        Assert.Equal(10, passed);

        // Redis: Deny denies, LocalShare gives shares that together do not pass the limit, Allow allows; health says so.
        await bench.Redis.KillAsync();
        await ClusterBench.UntilAsync(async () => await IsDeniedForLossAsync(bench, strict, 0) && await IsDeniedForLossAsync(bench, strict, 1), s_recovery, "Deny denies, and says why");
        for (var i = 0; i < 20; i++)
        {
            Assert.NotEqual(200, await StatusAsync(bench, strict, i % 2));
        }

        var failed = 0;
        for (var i = 0; i < 40; i++)
        {
            var status = await StatusAsync(bench, shared, i % 2);
            passed += status == 200 ? 1 : 0;
            failed += status is 200 or 429 ? 0 : 1;
        }

        // The shares and no more, although the servers do not know of each other's calls now. A call that was counted and failed for want of
        // time has its place all the same.
        Assert.InRange(passed, 20 - failed, 20);
        await Progress(acknowledged, acknowledged.Count + 10);
        await ClusterBench.UntilAsync(async () => (await HealthAsync(bench, 0)).Contains("\"redis\":\"unreachable\"", StringComparison.Ordinal), s_recovery, "health names Redis");
        await bench.Redis.StartAgainAsync();
        await ClusterBench.UntilAsync(async () => (await StatusAsync(bench, strict, 0)) == 200 && (await StatusAsync(bench, strict, 1)) == 200, s_recovery, "limits count again");
        for (var i = 0; i < 20; i++)
        {
            Assert.NotEqual(200, await StatusAsync(bench, shared, i % 2));
        }

        // PostgreSQL: nothing is decided without it, and everything goes on after it.
        await bench.Postgres.KillAsync();
        await ClusterBench.UntilAsync(async () => (await StatusAsync(bench, bench.DemoKey, 0)) >= 500, s_recovery, "no log, no call");
        await bench.Postgres.StartAgainAsync();
        var back = await ClusterBench.UntilAsync(async () => (await StatusAsync(bench, bench.DemoKey, 0)) == 200 && (await StatusAsync(bench, bench.DemoKey, 1)) == 200, s_recovery, "calls go on");
        output.WriteLine($"PostgreSQL back: calls after {back.TotalMilliseconds:N0} ms");
        await Progress(acknowledged, acknowledged.Count + 10);

        // A server: the other goes on with the log, and closes what the killed one left open.
        await bench.Servers[0].KillAsync();
        await Progress(acknowledged, acknowledged.Count + 20);
        await bench.StartServerAsync(0);
        await ClusterBench.UntilAsync(async () => (await StatusAsync(bench, bench.DemoKey, 0)) == 200, s_recovery, "the killed server serves again");
        await stop.CancelAsync();
        await Task.WhenAll(load);

        // What the killed server left open is closed by another, once its lease is over.
        await ClusterBench.UntilAsync(async () => await bench.OpenOfEndedServersAsync() == 0, TimeSpan.FromSeconds(30), "what ended servers left open is closed");

        var entries = await bench.EntriesAsync();
        var intents = entries.Where(entry => entry.Kind == "intent").Select(entry => entry.CallId).ToHashSet(StringComparer.Ordinal);
        var outcomes = entries.Where(entry => entry.Kind == "outcome").Select(entry => entry.CallId).ToList();
        var models = entries.Select(entry => entry.Resource).ToHashSet(StringComparer.Ordinal);
        output.WriteLine($"{acknowledged.Count} calls acknowledged, {bench.Upstream.Effects.Count} effects, {entries.Count} intents and outcomes");
        Assert.Equal(outcomes.Count, outcomes.Distinct(StringComparer.Ordinal).Count());
        Assert.All(acknowledged, id => Assert.True(intents.Contains(id) && outcomes.Contains(id), $"{id} was acknowledged and is not on record"));
        Assert.All(bench.Upstream.Effects.Keys, model => Assert.True(models.Contains(model), $"the effect {model} ran without an intent"));
        Assert.Empty((await bench.FsckAsync()).Findings);
    }

    private static async Task Progress(ConcurrentBag<string> acknowledged, int count)
        => await ClusterBench.UntilAsync(() => Task.FromResult(acknowledged.Count >= count), TimeSpan.FromSeconds(30), $"{count} calls acknowledged");

    private static async Task<int> StatusAsync(ClusterBench bench, string key, int server)
    {
        using var http = bench.Client(key, server);
        return (await ClusterBench.AskAsync(http, stop: Stop)).Status;
    }

    private static async Task<bool> IsDeniedForLossAsync(ClusterBench bench, string key, int server)
    {
        using var http = bench.Client(key, server);
        var (status, _, text) = await ClusterBench.AskAsync(http, stop: Stop);
        return status == 503 && text.Contains("AG2102", StringComparison.Ordinal);
    }

    private static async Task<string> HealthAsync(ClusterBench bench, int server)
    {
        using var response = await bench.Servers[server].Http.GetAsync("/api/health", Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    /// <summary>Calls through the load balancer, each with a model of its own, so that its effect is found in the log.</summary>
    private static async Task LoadAsync(ClusterBench bench, string prefix, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        using var http = bench.Client(bench.DemoKey);
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                var (status, id, _) = await ClusterBench.AskAsync(http, $"{prefix}-{turn}", stop: stop);
                if (status == 200)
                {
                    acknowledged.Add(id);
                }
                else
                {
                    await Task.Delay(20, stop);
                }
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException)
            {
                // The server behind it was killed; the next turn goes to the other.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
