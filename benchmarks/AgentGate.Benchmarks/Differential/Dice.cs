using AgentGate.Benchmarks.Fuzzing;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Choices that follow from a seed alone. Not thread-safe.</summary>
internal sealed class Dice(ulong seed, long number)
{
    private FuzzRandom _random = FuzzRandom.Of(seed, number);

    /// <summary>A number from 0 to below a bound.</summary>
    public int Below(int bound) => _random.Below(bound);

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => _random.Below(times) == 0;

    /// <summary>True in so many of a hundred times.</summary>
    public bool Percent(int percent) => _random.Below(100) < percent;

    public T Of<T>(IReadOnlyList<T> list) => list[_random.Below(list.Count)];

    /// <summary>Some of a list, in its order.</summary>
    public List<T> Some<T>(IEnumerable<T> list, int percent) => [.. list.Where(_ => Percent(percent))];
}
