using AgentGate.Limits;
using AgentGate.Loopback;
using Microsoft.Extensions.Options;

namespace AgentGate.Storage.Tests.Limits;

/// <summary>Servers whose rules differ, as in a rolling change: it is told, and the stricter counts on all of them.</summary>
public sealed class RedisRulesTests : IAsyncDisposable
{
    private readonly List<RedisServers> _servers = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var servers in _servers)
        {
            await servers.DisposeAsync();
        }
    }

    [Fact]
    public async Task Of_two_limits_the_smaller_counts_on_both_servers_from_the_first_call_of_the_second()
    {
        var url = RedisServers.Own((await LoopbackServers.RedisAsync()).Url);
        var (large, largeHealth) = Server(url, 10);
        await large.ProbeAsync(default);
        Assert.Null(largeHealth.Remark);
        var (small, smallHealth) = Server(url, 3);
        await small.CheckAsync(default);
        await large.ProbeAsync(default);

        var granted = 0;
        for (var call = 0; call < 10; call++)
        {
            granted += await AskAsync(call % 2 == 0 ? large : small, call % 2 == 0 ? 10 : 3) ? 1 : 0;
        }

        Assert.Equal(3, granted);
        Assert.Contains("AG2111: other servers define limits otherwise (1)", smallHealth.Remark, StringComparison.Ordinal);
        Assert.Contains("AG2111", largeHealth.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_windows_the_longer_counts_on_both_servers()
    {
        var url = RedisServers.Own((await LoopbackServers.RedisAsync()).Url);
        var (hour, _) = Server(url, 5, TimeSpan.FromHours(1));
        var (second, health) = Server(url, 5, TimeSpan.FromSeconds(1));
        await hour.CheckAsync(default);
        await second.CheckAsync(default);

        var counts = new LimitCount[1];
        await second.TryAcquireAsync(new[] { Claim(5, TimeSpan.FromSeconds(1)) }, counts, default);

        Assert.InRange(counts[0].NextFree, TimeSpan.FromMinutes(50), TimeSpan.FromMinutes(70));
        Assert.NotNull(health.Remark);
    }

    [Fact]
    public async Task Servers_with_the_same_rules_and_rules_of_one_server_alone_are_nothing_to_tell()
    {
        var url = RedisServers.Own((await LoopbackServers.RedisAsync()).Url);
        var (one, oneHealth) = Server(url, 5);
        var (two, twoHealth) = Server(url, 5);
        var (other, otherHealth) = Server(url, 2, name: "another");

        foreach (var store in new[] { one, two, other, one })
        {
            await store.ProbeAsync(default);
        }

        Assert.Equal([null, null, null], new[] { oneHealth.Remark, twoHealth.Remark, otherHealth.Remark });
        Assert.Equal(5, (await GrantedAsync(one, 5)));
    }

    private (AgentGate.Storage.Cluster.Limits.RedisLimitStore Store, LimitStoreHealth Health) Server(string url, int calls, TimeSpan? window = null, string name = "r")
    {
        var servers = new RedisServers(url, Set(calls, window, name), _servers.FirstOrDefault()?.Epochs);
        _servers.Add(servers);
        return (servers.Add(), servers.Health);
    }

    private static LimitSet Set(int calls, TimeSpan? window = null, string name = "r")
    {
        var options = new LimitsOptions();
        options.Rules.Clear();
        options.Rules.Add(new LimitRule { Name = name, Calls = calls, Window = window ?? TimeSpan.FromHours(1), Per = LimitPer.Tenant });
        return new LimitSet(Options.Create(options));
    }

    private static LimitClaim Claim(int calls, TimeSpan? window = null)
        => new(Set(calls, window).All[0], new LimitKey("t1", null, null, null, null, null));

    private static async Task<bool> AskAsync(ILimitStore store, int calls)
        => await store.TryAcquireAsync(new[] { Claim(calls) }, new LimitCount[1], default);

    private static async Task<int> GrantedAsync(ILimitStore store, int calls)
    {
        var granted = 0;
        for (var call = 0; call < calls + 2; call++)
        {
            granted += await AskAsync(store, calls) ? 1 : 0;
        }

        return granted;
    }
}
