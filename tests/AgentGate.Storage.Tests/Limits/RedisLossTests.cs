using System.Diagnostics;
using System.Globalization;
using AgentGate.Limits;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Limits;
using AgentGate.Storage.Tests.Conformance;
using StackExchange.Redis;

namespace AgentGate.Storage.Tests.Limits;

/// <summary>Redis goes away, comes back with or without what it counted, hangs, is flushed: nobody is let over a limit for it.</summary>
public sealed class RedisLossTests
{
    private const int Window = 3;

    [Fact]
    public async Task A_new_deployment_begins_at_once_and_a_restart_with_its_data_keeps_the_counts()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        var limits = Set(Rule("r", 5, StoreLoss.Deny, seconds: 600));
        await using var servers = new RedisServers(redis.Url, limits);
        var (first, second) = (servers.Add(), servers.Add());
        Assert.Equal((3, false), await CountAsync(first, limits, 3));

        await redis.KillAsync();
        await Assert.ThrowsAsync<LimitStoreLostException>(() => AskAsync(first, limits));
        await redis.StartAgainAsync();

        Assert.Equal((2, false), await CountAsync(second, limits, 4, patient: true));
        Assert.Null(servers.Health.Remark);
    }

    [Theory]
    [InlineData("restart")]
    [InlineData("flush")]
    [InlineData("restart, the epoch's memory lost")]
    public async Task Lost_counts_are_noticed_and_the_rule_behaves_as_on_loss_until_its_window_was_observed(string way)
    {
        await using var redis = await RedisServer.StartAsync();
        var limits = Set(Rule("deny", 5, StoreLoss.Deny), Rule("open", 5, StoreLoss.Allow, LimitPer.User));
        var epochs = new RememberedEpochs();
        await using var servers = new RedisServers(redis.Url, limits, epochs);
        var (first, second) = (servers.Add(), servers.Add());
        Assert.Equal((4, false), await CountAsync(first, limits, 4));
        epochs.IsLost = way.EndsWith("lost", StringComparison.Ordinal);

        await LoseAsync(redis, way);
        var (noticed, counts) = await PatientAsync(second, limits);
        var since = Stopwatch.StartNew();

        Assert.False(noticed);
        Assert.True(counts[0].IsUnknown && counts[1].IsUnknown && !counts[0].Fits && counts[1].Fits);
        Assert.StartsWith("AG2105", servers.Health.Remark, StringComparison.Ordinal);
        Assert.False((await PatientAsync(first, limits)).Fits);
        epochs.IsLost = false;
        while (!(await PatientAsync(first, limits)).Fits)
        {
            Assert.True(since.Elapsed < TimeSpan.FromSeconds(Window + 5), "the window was observed and the rule does not know it");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        Assert.InRange(since.Elapsed.TotalSeconds, Window - 0.5, Window + 5);
        Assert.Equal((4, false), await CountAsync(second, limits, 6));
    }

    [Theory]
    [InlineData("--appendfsync", "everysec")]
    [InlineData("--appendfsync", "no")]
    [InlineData("--appendfsync", "always", "--no-appendfsync-on-rewrite", "yes")]
    [InlineData("--appendfsync", "always", "--rename-command", "CONFIG", "")]
    public async Task A_restart_counts_as_lost_where_answers_did_not_wait_for_the_append_only_file(params string[] settings)
    {
        await using var redis = await RedisServer.StartAsync(["--appendonly", "yes", .. settings]);
        var limits = Set(Rule("r", 5, StoreLoss.Deny, seconds: 600));
        await using var servers = new RedisServers(redis.Url, limits);
        var store = servers.Add();
        Assert.Equal((5, false), await CountAsync(store, limits, 5));

        await redis.KillAsync();
        await redis.StartAgainAsync();

        var (fits, counts) = await PatientAsync(store, limits);
        Assert.Equal((false, true), (fits, counts[0].IsUnknown));
        Assert.StartsWith("AG2105", servers.Health.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_the_file_after_a_restart_does_not_make_up_for_what_was_not_waited_for_before()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "everysec");
        var limits = Set(Rule("r", 5, StoreLoss.Deny, seconds: 600));
        await using var servers = new RedisServers(redis.Url, limits);
        var store = servers.Add();
        Assert.Equal((5, false), await CountAsync(store, limits, 5));

        await redis.KillAsync();
        await redis.StartAgainAsync();
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(redis.Url["redis://".Length..] + ",allowAdmin=true"))
        {
            // Before anybody settled the epoch: nothing asks meanwhile.
            await admin.GetServers()[0].ConfigSetAsync("appendfsync", "always");
        }

        var (fits, counts) = await PatientAsync(store, limits);
        Assert.Equal((false, true), (fits, counts[0].IsUnknown));
    }

    [Fact]
    public async Task An_operator_can_accept_a_loss_instead_of_waiting_for_the_window()
    {
        await using var redis = await RedisServer.StartAsync();
        var limits = Set(Rule("month", 5, StoreLoss.Deny, seconds: 31 * 86_400), Rule("open", 9, StoreLoss.Allow, LimitPer.User));
        var epochs = new RememberedEpochs();
        await using var servers = new RedisServers(redis.Url, limits, epochs);
        var (first, second) = (servers.Add(), servers.Add());
        Assert.Equal((2, false), await CountAsync(first, limits, 2));
        await LoseAsync(redis, "flush");
        Assert.Equal((0, true), await CountAsync(second, limits, 2));
        Assert.Equal((0, true), await CountAsync(first, limits, 1));

        epochs.Epoch = null;
        await using (var admin = await ConnectionMultiplexer.ConnectAsync(redis.Url["redis://".Length..]))
        {
            Assert.True(await admin.GetDatabase().KeyDeleteAsync("agentgate:{limits}:epoch"));
        }

        Assert.Equal((2, false), await CountAsync(first, limits, 2));
        Assert.Equal((3, false), await CountAsync(second, limits, 5));
        Assert.Null(servers.Health.Remark);
        await LoseAsync(redis, "flush");
        Assert.Equal((0, true), await CountAsync(first, limits, 1));
    }

    [Fact]
    public async Task A_server_that_may_drop_counts_is_noticed_while_it_runs_and_so_is_the_repair()
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory", "64mb");
        await using var servers = new RedisServers(redis.Url, Set(Rule("r", 5, StoreLoss.Deny)));
        var store = servers.Add();
        await store.ProbeAsync(TestContext.Current.CancellationToken);
        Assert.Null(servers.Health.Remark);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.Url["redis://".Length..] + ",allowAdmin=true");

        await admin.GetServers()[0].ConfigSetAsync("maxmemory-policy", "allkeys-lru");
        await store.ProbeAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("AG2107", servers.Health.Remark, StringComparison.Ordinal);

        await admin.GetServers()[0].ConfigSetAsync("maxmemory-policy", "noeviction");
        await store.ProbeAsync(TestContext.Current.CancellationToken);
        Assert.Null(servers.Health.Remark);
    }

    [Fact]
    public async Task A_restart_from_a_snapshot_that_need_not_be_complete_counts_as_lost()
    {
        await using var redis = await RedisServer.StartAsync();
        var limits = Set(Rule("r", 5, StoreLoss.Deny, seconds: 600));
        await using var servers = new RedisServers(redis.Url, limits);
        var store = servers.Add();
        Assert.Equal((1, false), await CountAsync(store, limits, 1));
        await SaveAsync(redis);
        Assert.Equal((4, false), await CountAsync(store, limits, 5));
        await redis.KillAsync();
        await redis.StartAgainAsync();

        var (fits, counts) = await PatientAsync(store, limits);
        Assert.Equal((false, true), (fits, counts[0].IsUnknown));
    }

    [Theory]
    [InlineData("?prefix=one", "?prefix=two")]
    [InlineData("/0?prefix=one", "/1?prefix=one")]
    public async Task Deployments_on_one_server_each_notice_its_restart(string one, string two)
    {
        await using var redis = await RedisServer.StartAsync();
        var limits = Set(Rule("r", 5, StoreLoss.Deny, seconds: 600));
        await using var first = new RedisServers(redis.Url + one, limits);
        await using var second = new RedisServers(redis.Url + two, limits);
        RedisLimitStore[] stores = [first.Add(), second.Add()];
        foreach (var store in stores)
        {
            Assert.Equal((1, false), await CountAsync(store, limits, 1));
        }

        await SaveAsync(redis);
        foreach (var store in stores)
        {
            Assert.Equal((4, false), await CountAsync(store, limits, 5));
        }

        await redis.KillAsync();
        await redis.StartAgainAsync();

        foreach (var store in stores)
        {
            var (fits, counts) = await PatientAsync(store, limits);
            Assert.Equal((false, true), (fits, counts[0].IsUnknown));
        }
    }

    [Theory]
    [InlineData("6.2.14")]
    [InlineData("unknown")]
    [InlineData(null)]
    public void A_server_that_can_hide_a_restart_is_refused(string? version)
    {
        var refused = Assert.Throws<RedisUnfitException>(() => RedisUnfitException.ThrowIfTooOld("redis:6379", version));

        Assert.StartsWith("AG2106", refused.Message, StringComparison.Ordinal);
        RedisUnfitException.ThrowIfTooOld("redis:6379", "7.0.15");
        RedisUnfitException.ThrowIfTooOld("redis:6379", "10.0.0");
    }

    [Fact]
    public async Task A_store_that_hangs_is_lost_within_the_deadline_and_nobody_waits_for_it_right_after()
    {
        await using var redis = await RedisServer.StartAsync("--enable-debug-command", "yes");
        var limits = Set(Rule("r", 1_000, StoreLoss.Deny, seconds: 600));
        await using var servers = new RedisServers(redis.Url, limits);
        var store = servers.Add(deadlineMs: 150);
        await PatientAsync(store, limits);
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.Url["redis://".Length..] + ",allowAdmin=true");
        var paused = admin.GetDatabase().ExecuteAsync("DEBUG", "SLEEP", "1.5");

        await Task.Delay(50, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await Assert.ThrowsAsync<LimitStoreLostException>(() => AskAsync(store, limits));
        Assert.InRange(clock.ElapsedMilliseconds, 100, 1_200);
        clock.Restart();
        await Assert.ThrowsAsync<LimitStoreLostException>(() => AskAsync(store, limits));
        Assert.InRange(clock.ElapsedMilliseconds, 0, 100);
        await Task.WhenAny(paused, Task.Delay(3_000, TestContext.Current.CancellationToken));

        Assert.True((await PatientAsync(store, limits)).Fits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killed_under_load_with_and_without_its_data_no_window_holds_more_than_the_limit(bool keepsData)
    {
        string[] settings = keepsData ? ["--appendonly", "yes", "--appendfsync", "always"] : [];
        await using var redis = await RedisServer.StartAsync(settings);
        var limits = Set(Rule("r", 100, StoreLoss.Deny));
        await using var servers = new RedisServers(redis.Url, limits);
        RedisLimitStore[] stores = [servers.Add(), servers.Add()];
        using var end = new CancellationTokenSource();
        List<(long Before, long After)> granted = [];
        var load = Enumerable.Range(0, 32).Select(caller => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var before = Stopwatch.GetTimestamp();
                try
                {
                    if (await AskAsync(stores[caller % 2], limits))
                    {
                        lock (granted)
                        {
                            granted.Add((before, Stopwatch.GetTimestamp()));
                        }
                    }
                }
                catch (LimitStoreLostException)
                {
                    // Denied, as declared.
                }

                await Task.Delay(5);
            }
        })).ToArray();

        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(1_200, TestContext.Current.CancellationToken);
            await redis.KillAsync();
            await Task.Delay(300, TestContext.Current.CancellationToken);
            await redis.StartAgainAsync();
        }

        int before;
        lock (granted)
        {
            before = granted.Count;
        }

        await Task.Delay(TimeSpan.FromSeconds(Window + 2.5), TestContext.Current.CancellationToken);
        await end.CancelAsync();
        await Task.WhenAll(load);

        Assert.True(granted.Count > before, "it did not recover");
        granted.Sort();
        for (var i = 100; i < granted.Count; i++)
        {
            // Surely within one window: from the first one's question to the last one's answer.
            var span = Stopwatch.GetElapsedTime(granted[i - 100].Before, granted.Skip(i - 100).Take(101).Max(call => call.After));
            Assert.True(span >= TimeSpan.FromSeconds(Window), string.Create(CultureInfo.InvariantCulture, $"101 calls within {span.TotalSeconds} s"));
        }
    }

    private static LimitSet Set(params LimitRule[] rules)
    {
        var options = new LimitsOptions();
        Array.ForEach(rules, options.Rules.Add);
        return new LimitSet(Microsoft.Extensions.Options.Options.Create(options));
    }

    private static LimitRule Rule(string name, int calls, StoreLoss onLoss, LimitPer per = LimitPer.Key, int seconds = Window)
        => new() { Name = name, Calls = calls, Per = per, Window = TimeSpan.FromSeconds(seconds), OnStoreLoss = onLoss };

    private static async Task SaveAsync(RedisServer redis)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.Url["redis://".Length..] + ",allowAdmin=true");
        await admin.GetServers()[0].SaveAsync(SaveType.BackgroundSave);
        for (var patience = Stopwatch.StartNew(); !File.Exists(Path.Combine(redis.Folder, "dump.rdb")); await Task.Delay(20))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(20));
        }
    }

    private static async Task LoseAsync(RedisServer redis, string way)
    {
        if (way == "flush")
        {
            await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.Url["redis://".Length..] + ",allowAdmin=true");
            await admin.GetServers()[0].FlushAllDatabasesAsync();
            return;
        }

        await redis.KillAsync();
        await redis.StartAgainAsync();
    }

    private static async Task<bool> AskAsync(RedisLimitStore store, LimitSet limits) => (await QuestionAsync(store, limits)).Fits;

    private static async Task<(bool Fits, LimitCount[] Counts)> QuestionAsync(RedisLimitStore store, LimitSet limits)
    {
        var claims = limits.Claims(LimitStoreConformance.AnyCall);
        var counts = new LimitCount[claims.Length];
        return (await store.TryAcquireAsync(claims, counts, CancellationToken.None), counts);
    }

    /// <summary>Asks until the store answers.</summary>
    private static async Task<(bool Fits, LimitCount[] Counts)> PatientAsync(RedisLimitStore store, LimitSet limits)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                return await QuestionAsync(store, limits);
            }
            catch (LimitStoreLostException) when (patience.Elapsed < TimeSpan.FromSeconds(20))
            {
                // Reconnecting.
            }
        }
    }

    private static async Task<(int Passed, bool Unknown)> CountAsync(RedisLimitStore store, LimitSet limits, int calls, bool patient = false)
    {
        var (passed, unknown) = (0, false);
        for (var i = 0; i < calls; i++)
        {
            var (fits, counts) = patient ? await PatientAsync(store, limits) : await QuestionAsync(store, limits);
            passed += fits ? 1 : 0;
            unknown |= counts.Any(count => count.IsUnknown);
        }

        return (passed, unknown);
    }
}
