using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace AgentGate.Threats.Behaviour;

/// <summary>
/// Counts requests per caller and endpoint in the minute that is running, in this process and in bounded memory: a request costs an
/// addition. Callers beyond the bound are not told apart any more and not counted.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RequestRates(IOptions<BehaviourOptions> options, TimeProvider time)
{
    /// <summary>How many pairs of caller and endpoint are counted in a minute.</summary>
    public const int PairsMax = 20_000;

    private readonly Lock _lock = new();
    private volatile Minute _minute = new(0);

    /// <summary>Counts a request.</summary>
    /// <returns>Whether it is the first beyond what is usual in this minute.</returns>
    public bool IsFirstBeyond(string caller, string endpoint)
    {
        var most = options.Value.RequestsPerMinute;
        if (most == 0)
        {
            return false;
        }

        var counts = Current().Counts;
        var key = (caller, endpoint);
        if (!counts.TryGetValue(key, out var count))
        {
            // Counting the entries locks the whole dictionary, so only who is new pays for it.
            if (counts.Count >= PairsMax)
            {
                return false;
            }

            count = counts.GetOrAdd(key, static _ => new Count());
        }

        return Interlocked.Increment(ref count.Value) == most + 1;
    }

    private Minute Current()
    {
        var number = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (_minute is { } running && running.Number == number)
        {
            return running;
        }

        lock (_lock)
        {
            return _minute.Number == number ? _minute : _minute = new Minute(number);
        }
    }

    private sealed record Minute(long Number)
    {
        public ConcurrentDictionary<(string Caller, string Endpoint), Count> Counts { get; } = new();
    }

    private sealed class Count
    {
        public int Value;
    }
}
