namespace AgentGate.Pipeline;

/// <summary>Keeps a few objects that are dear to make for the next caller. Never waits, never grows; thread-safe.</summary>
/// <param name="max">How many are kept; the rest is left to the collector.</param>
internal sealed class SparePool<T>(int max)
    where T : class
{
    private readonly T?[] _spares = new T?[max];

    /// <summary>One of the spares, or <see langword="null"/>.</summary>
    public T? Take()
    {
        for (var place = 0; place < _spares.Length; place++)
        {
            if (Volatile.Read(ref _spares[place]) is not null && Interlocked.Exchange(ref _spares[place], null) is { } spare)
            {
                return spare;
            }
        }

        return null;
    }

    /// <summary>Gives one back. The caller no longer touches it.</summary>
    public void Give(T spare)
    {
        for (var place = 0; place < _spares.Length; place++)
        {
            if (Volatile.Read(ref _spares[place]) is null && Interlocked.CompareExchange(ref _spares[place], spare, null) is null)
            {
                return;
            }
        }
    }
}
