using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AgentGate.Limits;

/// <summary>
/// Counts in process. A question takes the locks of all its counts in one order, so that no two questions wait for each
/// other, reads the clock once under them, and counts everywhere or nowhere. Refused calls leave nothing behind, not even
/// memory. What is counted is lost when the process ends.
/// </summary>
internal sealed partial class InMemoryLimitStore : ILimitStore
{
    private const int OnStack = 32;

    private readonly ImmutableArray<Limit> _limits;
    private readonly LimitTable[] _tables;
    private readonly long[] _loggedAt;
    private readonly TimeProvider _time;
    private readonly LimitMetrics _metrics;
    private readonly ILogger _logger;

    public InMemoryLimitStore(ImmutableArray<Limit> limits, int keysMax, TimeProvider time, LimitMetrics metrics, ILogger logger)
    {
        (_limits, _time, _metrics, _logger) = (limits, time, metrics, logger);
        _tables = [.. limits.Select(limit => new LimitTable(limit, keysMax, time.TimestampFrequency))];
        _loggedAt = new long[limits.Length];
        Array.Fill(_loggedAt, long.MinValue);
    }

    public ValueTask<bool> TryAcquireAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken)
        => ValueTask.FromResult(TryAcquire(claims.Span, counts.Span));

    /// <summary>How many counts each rule holds.</summary>
    public IEnumerable<(string Rule, int Keys)> Keys() => _limits.Select(limit => (limit.Name, _tables[limit.Index].Count));

    /// <summary>The question itself; never waits for anything but locks that are held for moments.</summary>
    public bool TryAcquire(ReadOnlySpan<LimitClaim> claims, Span<LimitCount> counts)
    {
        if (claims.Length == 1)
        {
            return TryAcquire(in claims[0], out counts[0]);
        }

        // Rule, shard and claim in one number: sorted, they are the order in which every question takes its locks.
        Span<long> places = claims.Length <= OnStack ? stackalloc long[claims.Length] : new long[claims.Length];
        var isSorted = true;
        for (var i = 0; i < claims.Length; i++)
        {
            ref readonly var claim = ref claims[i];
            places[i] = ((long)claim.Limit.Index << 40) | ((long)_tables[claim.Limit.Index].ShardOf(claim.Key) << 32) | (uint)i;
            isSorted &= i == 0 || places[i - 1] < places[i];
        }

        if (!isSorted)
        {
            places.Sort();
        }

        var onStack = default(Buckets);
        Span<LimitBucket?> buckets = claims.Length <= OnStack ? onStack : new LimitBucket?[claims.Length];
        var entered = 0;
        try
        {
            for (; entered < places.Length; entered++)
            {
                // A lock may be taken twice by the same question; it counts how often.
                ShardAt(places[entered]).Lock.Enter();
            }

            return Decide(claims, counts, places, buckets[..claims.Length]);
        }
        finally
        {
            while (entered > 0)
            {
                ShardAt(places[--entered]).Lock.Exit();
            }
        }
    }

    /// <summary>Takes back a call that was counted here and refused elsewhere.</summary>
    public void TakeBack(ReadOnlySpan<LimitClaim> claims)
    {
        foreach (ref readonly var claim in claims)
        {
            var table = _tables[claim.Limit.Index];
            var shard = table[table.ShardOf(claim.Key)];
            using (shard.Lock.EnterScope())
            {
                shard.TakeBack(claim.Key, _time.GetTimestamp());
            }
        }
    }

    private bool TryAcquire(in LimitClaim claim, out LimitCount count)
    {
        var table = _tables[claim.Limit.Index];
        var shard = table[table.ShardOf(claim.Key)];
        bool fits, overflowed;
        long now;
        using (shard.Lock.EnterScope())
        {
            now = _time.GetTimestamp();
            (fits, overflowed) = shard.TryAcquire(claim.Key, now, out count);
        }

        if (overflowed)
        {
            Overflowed(claim.Limit, now);
        }

        return fits;
    }

    private bool Decide(ReadOnlySpan<LimitClaim> claims, Span<LimitCount> counts, ReadOnlySpan<long> places, Span<LimitBucket?> buckets)
    {
        // The clock is read under all the locks: what is counted first has the earlier time.
        var now = _time.GetTimestamp();
        var all = true;
        foreach (var place in places)
        {
            var index = (int)(uint)place;
            buckets[index] = ShardAt(place).Reserve(claims[index].Key, now, out var fits);
            counts[index] = new LimitCount(0, default, fits);
            all &= fits;
        }

        foreach (var place in places)
        {
            var index = (int)(uint)place;
            var shard = ShardAt(place);
            if (all)
            {
                buckets[index] = shard.Commit(buckets[index]!, claims[index].Key, now);
                if (shard.IsOverflow(buckets[index]!))
                {
                    Overflowed(claims[index].Limit, now);
                }
            }
            else if (counts[index].Fits)
            {
                LimitShard.Cancel(buckets[index]!);
            }
        }

        foreach (var place in places)
        {
            var index = (int)(uint)place;
            counts[index] = ShardAt(place).Read(buckets[index]!, now, counts[index].Fits);
        }

        return all;
    }

    private LimitShard ShardAt(long place) => _tables[(int)(place >> 40)][(int)(place >> 32) & 0xFF];

    private void Overflowed(Limit limit, long now)
    {
        _metrics.Overflowed(limit.Name);
        var before = Volatile.Read(ref _loggedAt[limit.Index]);
        if ((before == long.MinValue || _time.GetElapsedTime(before, now) >= TimeSpan.FromMinutes(1))
            && Interlocked.CompareExchange(ref _loggedAt[limit.Index], now, before) == before)
        {
            Log.KeysFull(_logger, Codes.LimitKeysFull, limit.Name);
        }
    }

    [InlineArray(OnStack)]
    private struct Buckets
    {
        private LimitBucket? _first;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2103, Level = LogLevel.Warning, Message = "{Code}: the limit {Rule} holds as many counts as it may; newcomers share one. Raise AgentGate:Limits:KeysMax if these are real callers.")]
        public static partial void KeysFull(ILogger logger, string code, string rule);
    }
}
