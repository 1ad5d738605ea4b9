using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>Asks Redis whether it answers.</summary>
internal sealed class RedisHealth(RedisDatabase redis) : ISharedStore
{
    public string Name => "redis";

    public async Task CheckAsync(CancellationToken cancellationToken)
        => await (await redis.OpenAsync(cancellationToken)).PingAsync().WaitAsync(cancellationToken);

    /// <summary>Before a server starts: Redis has to be there.</summary>
    /// <exception cref="InvalidOperationException">It is not, or refuses the login; the message says what to do.</exception>
    public async Task DemandAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(cancellationToken);
        }
        catch (Exception lost) when (lost is RedisException or TimeoutException or IOException)
        {
            // The cause is not kept: its text may repeat what was sent.
            throw new InvalidOperationException($"{Codes.SharedStoreUnreachable}: Redis at {redis.Name} cannot be reached. Start it, or correct REDIS_URL.");
        }
    }
}
