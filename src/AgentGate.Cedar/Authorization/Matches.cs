namespace AgentGate.Cedar.Authorization;

/// <summary>A list on reused memory. Lives on the stack; the array it grows into goes back to who lent it.</summary>
/// <param name="items">The memory to begin with.</param>
internal struct Matches<T>(T[] items)
    where T : class
{
    private T[] _items = items;

    public int Count { get; private set; }

    /// <summary>What was collected so far.</summary>
    public readonly Span<T> Items => _items.AsSpan(0, Count);

    /// <summary>The memory, perhaps grown, for the next time.</summary>
    public readonly T[] Memory => _items;

    /// <summary>Keeps only the first ones.</summary>
    public void Truncate(int count) => Count = count;

    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = item;
    }
}
