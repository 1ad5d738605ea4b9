namespace AgentGate.Benchmarks.Fuzzing;

/// <summary>SplitMix64 (Steele, Lea, Flood 2014): a number for every state, so that input N of a seed is always the same.</summary>
internal struct FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A generator for one input of a run.</summary>
    public static FuzzRandom Of(ulong seed, long input) => new(new FuzzRandom(seed ^ ((ulong)input * 0x9E3779B97F4A7C15)).Next());

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below a bound.</summary>
    public int Below(int bound) => (int)(Next() % (uint)Math.Max(1, bound));

    public T Of<T>(IReadOnlyList<T> list) => list[Below(list.Count)];
}
