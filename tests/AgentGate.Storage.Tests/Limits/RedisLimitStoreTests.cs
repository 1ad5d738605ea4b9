using AgentGate.Limits;
using AgentGate.Loopback;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Limits;

public sealed class RedisLimitStoreTests : LimitStoreConformance, IAsyncDisposable
{
    private readonly List<RedisServers> _servers = [];

    private protected override async Task<(ILimitStore First, ILimitStore Second)> CreateAsync(LimitSet limits, TimeProvider? clock)
    {
        var servers = new RedisServers(RedisServers.Own((await LoopbackServers.RedisAsync()).Url), limits);
        _servers.Add(servers);
        return (servers.Add(clock), servers.Add(clock));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var servers in _servers)
        {
            await servers.DisposeAsync();
        }
    }
}
