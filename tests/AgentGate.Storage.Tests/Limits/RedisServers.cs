using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Storage.Cluster.Limits;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Storage.Tests.Limits;

/// <summary>Stores over one Redis, as servers would have them.</summary>
internal sealed class RedisServers(string url, LimitSet limits, ILimitEpochs? epochs = null) : IAsyncDisposable
{
    private static int s_prefixes;

    private readonly List<IAsyncDisposable> _connections = [];
    private readonly List<IDisposable> _stores = [];
    private readonly ILimitEpochs _epochs = epochs ?? new RememberedEpochs();

    /// <summary>A URL with a prefix of the test's own.</summary>
    public static string Own(string url) => $"{url}?prefix=t{Interlocked.Increment(ref s_prefixes)}";

    public ILimitEpochs Epochs => _epochs;

    public LimitStoreHealth Health { get; } = new(limits, TimeProvider.System, new LimitMetrics(), NullLogger<LimitStoreHealth>.Instance);

    public RedisLimitStore Add(TimeProvider? clock = null, int deadlineMs = 2_000)
    {
        var redis = new RedisDatabase(RedisUrl.Read("REDIS_URL", url));
        _connections.Add(redis);
        var store = new RedisLimitStore(
            redis, _epochs, limits, Health, TimeSpan.FromMilliseconds(deadlineMs), TimeProvider.System, new SystemIdSource(TimeProvider.System), clock);
        _stores.Add(store);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        _stores.ForEach(store => store.Dispose());
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }
    }
}

/// <summary>A memory of epochs in process, that can be lost.</summary>
internal sealed class RememberedEpochs : ILimitEpochs
{
    private readonly Lock _lock = new();

    public string? Epoch { get; set; }

    public bool IsLost { get; set; }

    public ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
        => IsLost ? throw new LimitEpochsLostException(new TimeoutException()) : new(Epoch);

    public ValueTask<bool> ReplaceAsync(string? expected, string next, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsLost)
            {
                throw new LimitEpochsLostException(new TimeoutException());
            }

            var fits = Epoch == expected;
            Epoch = fits ? next : Epoch;
            return new(fits);
        }
    }
}
