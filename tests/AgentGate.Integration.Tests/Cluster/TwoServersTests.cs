using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentGate.Client;
using AgentGate.Client.Policies;
using AgentGate.Integration.Tests.Policies;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>Two server processes on one PostgreSQL and one Redis, behind a load balancer that goes round.</summary>
public sealed class TwoServersTests(TwoServersTests.Started started) : IClassFixture<TwoServersTests.Started>
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private ClusterBench Bench => started.Bench;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_append_to_one_log_which_verifies_and_one_proves_what_the_other_decided()
    {
        using var round = Bench.Client(Bench.DemoKey);
        using var first = Bench.Client(Bench.DemoKey, 0);
        using var second = Bench.Client(Bench.DemoKey, 1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => ClusterBench.AskAsync(round, text: "My SSN is 123-45-6789", stop: Stop)));
        Assert.All(answers, answer => Assert.True(answer.Status == 200 && answer.Text.Contains("123-45-6789", StringComparison.Ordinal), answer.Text));

        // Decided by one, read, proved and verified by the other.
        using var decided = await first.PostAsync("/v1/chat/completions", Security.Doors.Json("""{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}"""), Stop);
        var decision = decided.Headers.GetValues("x-agentgate-decision").Single();
        var bundle = "";
        await ClusterBench.UntilAsync(
            async () =>
            {
                using var answer = await second.GetAsync($"/api/security/certificates/{decision}/bundle", Stop);
                bundle = await answer.Content.ReadAsStringAsync(Stop);
                return answer.IsSuccessStatusCode;
            },
            TimeSpan.FromSeconds(20),
            () => "the bundle from the other server, which says " + bundle);
        Assert.Contains(decision, bundle, StringComparison.Ordinal);
        foreach (var http in new[] { first, second })
        {
            var verified = await (await http.PostAsync("/api/audit/verify-chain", null, Stop)).Content.ReadAsStringAsync(Stop);
            Assert.Contains("\"valid\":true", verified, StringComparison.Ordinal);
            var health = JsonNode.Parse(await http.GetStringAsync("/api/health", Stop))!;
            Assert.Equal(("healthy", "cluster", "ok", "ok"), (health["status"]!.GetValue<string>(), health["profile"]!.GetValue<string>(), health["stores"]!["postgresql"]!.GetValue<string>(), health["stores"]!["redis"]!.GetValue<string>()));
        }

        var report = await Bench.FsckAsync();
        Assert.Empty(report.Findings);
        Assert.True(report.Entries >= 50);
    }

    [Fact]
    public async Task A_stream_passes_the_load_balancer_as_it_comes()
    {
        using var round = Bench.Client(Bench.DemoKey);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = Security.Doors.Json("""{"model":"demo-echo","stream":true,"messages":[{"role":"user","content":"/slow 150\nhello there, how are you today, my friend"}]}"""),
        };
        using var response = await round.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        var (arrivals, watch) = (new List<TimeSpan>(), Stopwatch.StartNew());
        while (await reader.ReadLineAsync(Stop) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                arrivals.Add(watch.Elapsed);
            }
        }

        Assert.True(arrivals.Count > 3 && arrivals[^1] - arrivals[0] > TimeSpan.FromMilliseconds(300), string.Join(", ", arrivals));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_by_both_within_a_second()
    {
        var key = await Bench.KeyAsync("revoked");
        using var first = Bench.Client(key.Text, 0);
        using var second = Bench.Client(key.Text, 1);
        Assert.Equal(200, (await ClusterBench.AskAsync(first, stop: Stop)).Status);
        Assert.Equal(200, (await ClusterBench.AskAsync(second, stop: Stop)).Status);

        Assert.True(await Bench.Keys.RevokeAsync("default", key.Key.Id, Stop));

        foreach (var http in new[] { first, second })
        {
            await ClusterBench.UntilAsync(async () => (await ClusterBench.AskAsync(http, stop: Stop)).Status == 401, s_second, "the revoked key");
        }
    }

    [Fact]
    public async Task A_policy_activated_on_one_server_is_in_force_on_the_other_within_a_second()
    {
        using var first = Bench.Client(Bench.DemoKey, 0);
        using var second = Bench.Client(Bench.DemoKey, 1);
        var client = new AgentGateClient(first);
        var model = "m-forbidden";
        Assert.Equal(200, (await ClusterBench.AskAsync(second, model, stop: Stop)).Status);

        var forbid = PolicyServer.Shipped + $"\n@id(\"no-model\")\nforbid (principal, action == AgentGate::Action::\"callModel\", resource == AgentGate::Model::\"{model}\");\n";
        var draft = await client.CreatePolicyAsync(forbid);
        await client.ActivatePolicyAsync(draft.Version, new PolicyActivationRequest { ExpectedActive = 0, Force = true });

        await ClusterBench.UntilAsync(async () => (await ClusterBench.AskAsync(second, model, stop: Stop)).Status == 403, s_second, "the activated policy");
        Assert.Equal(403, (await ClusterBench.AskAsync(first, model, stop: Stop)).Status);
    }

    [Fact]
    public async Task A_limit_hit_on_one_server_is_hit_on_the_other_and_64_clients_over_both_never_pass_it()
    {
        var key = await Bench.KeyAsync("few");
        using var first = Bench.Client(key.Text, 0);
        using var second = Bench.Client(key.Text, 1);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(200, (await ClusterBench.AskAsync(first, stop: Stop)).Status);
        }

        Assert.Equal(429, (await ClusterBench.AskAsync(second, stop: Stop)).Status);

        var crowd = await Bench.KeyAsync("crowd");
        var statuses = await CrowdAsync(crowd.Text, "m-crowd", calls: 4);
        var passed = statuses.Count(status => status == 200);
        Assert.Equal(passed, Bench.Upstream.Effects["m-crowd"]);
        Assert.InRange(passed, 1, 100);

        // A machine with too much to do refuses some for want of time; then fewer than the limit got in.
        if (statuses.All(status => status is 200 or 429))
        {
            Assert.Equal(100, passed);
        }
    }

    [Fact]
    public async Task Money_spent_on_one_server_is_spent_on_the_other_and_64_clients_over_both_never_pass_a_budget()
    {
        // Each call reserves and costs 1 USD: one token of output. The budget of each principal is 60.
        var spender = await Bench.KeyAsync("spender");
        var statuses = await CrowdAsync(spender.Text, "m-dear", calls: 2);

        Assert.Equal(Bench.Upstream.Effects.GetValueOrDefault("m-dear"), statuses.Count(status => status == 200));
        using var first = Bench.Client(spender.Text, 0);
        using var second = Bench.Client(spender.Text, 1);
        for (var (more, status) = (0, 0); more < 60 && status != 403; more++)
        {
            status = (await ClusterBench.AskAsync(first, "m-dear", stop: Stop)).Status;
        }

        Assert.Equal(403, (await ClusterBench.AskAsync(second, "m-dear", stop: Stop)).Status);
        Assert.InRange(Bench.Upstream.Effects["m-dear"], 1, 60);

        // A machine with too much to do refuses some for want of time; otherwise the whole budget was spent, and not a cent more.
        if (statuses.All(status => status is 200 or 403))
        {
            Assert.Equal(60, Bench.Upstream.Effects["m-dear"]);
        }
    }

    private async Task<List<int>> CrowdAsync(string key, string model, int calls)
    {
        var clients = Enumerable.Range(0, 64).Select(i => Bench.Client(key, i % 2)).ToList();
        try
        {
            var statuses = await Task.WhenAll(clients.Select(async http =>
            {
                var own = new List<int>();
                for (var call = 0; call < calls; call++)
                {
                    own.Add((await ClusterBench.AskAsync(http, model, stop: Stop)).Status);
                }

                return own;
            }));
            return [.. statuses.SelectMany(own => own)];
        }
        finally
        {
            clients.ForEach(http => http.Dispose());
        }
    }

    /// <summary>One cluster for all of them.</summary>
    public sealed class Started : IAsyncLifetime
    {
        internal ClusterBench Bench { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Bench = await ClusterBench.StartAsync(own: false, new Dictionary<string, string>
        {
            ["AgentGate__Limits__Rules__1__Name"] = "few",
            ["AgentGate__Limits__Rules__1__Calls"] = "5",
            ["AgentGate__Limits__Rules__1__Principal"] = "few",
            ["AgentGate__Limits__Rules__2__Name"] = "crowd",
            ["AgentGate__Limits__Rules__2__Calls"] = "100",
            ["AgentGate__Limits__Rules__2__Window"] = "00:10:00",
            ["AgentGate__Limits__Rules__2__Principal"] = "crowd",
            ["AgentGate__Budgets__Prices__m-dear__Input"] = "0",
            ["AgentGate__Budgets__Prices__m-dear__Output"] = "1000000",
            ["AgentGate__Budgets__Prices__m-dear__InputTokensMax"] = "100",
            ["AgentGate__Budgets__Rules__0__Name"] = "spending",
            ["AgentGate__Budgets__Rules__0__Principal"] = "spender",
            ["AgentGate__Budgets__Rules__0__LimitUsd"] = "60",
        });

        public ValueTask DisposeAsync() => Bench?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
