using System.Numerics;

namespace AgentGate.Limits;

/// <summary>All counts of one rule. Each rule has its own bound, so that a flood of one rule's keys crowds out no other's.</summary>
internal sealed class LimitTable
{
    private const int ShardsMax = 16;
    private const int KeysPerShard = 64;

    private readonly LimitShard[] _shards;
    private readonly int _shift;

    public LimitTable(Limit limit, int keysMax, long frequency)
    {
        var shards = limit.Per == LimitPer.Global
            ? 1
            : (int)Math.Clamp(BitOperations.RoundUpToPowerOf2((uint)(keysMax / KeysPerShard) + 1) / 2, 1, ShardsMax);
        _shards = [.. Enumerable.Range(0, shards).Select(_ => new LimitShard(limit.Calls, new WindowLength(limit, frequency), keysMax / shards))];
        _shift = 32 - BitOperations.Log2((uint)shards);
    }

    /// <summary>How many counts are held.</summary>
    public int Count => _shards.Sum(shard => shard.Count);

    /// <summary>The number of the shard that holds a count, if it is held. The high bits of the hash choose it, the low ones the chain in it.</summary>
    public int ShardOf(in LimitKey key) => _shift == 32 ? 0 : (int)(key.Hash >> _shift);

    public LimitShard this[int shard] => _shards[shard];
}
