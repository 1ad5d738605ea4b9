using System.Buffers;

namespace AgentGate.Threats.Normalization;

/// <summary>Collects the characters of a reading and where they come from, in pooled memory of a size fixed beforehand.</summary>
/// <param name="capacity">The most characters it will hold; what comes after is dropped.</param>
internal ref struct ReadingBuffer(int capacity) : IDisposable
{
    private readonly char[] _text = ArrayPool<char>.Shared.Rent(capacity);
    private readonly int[] _origins = ArrayPool<int>.Shared.Rent(capacity + 1);

    public int Length { get; private set; }

    public readonly char Last => Length == 0 ? '\0' : _text[Length - 1];

    /// <summary>Adds a character that stands at a place of the source.</summary>
    public void Add(char c, int origin)
    {
        if (Length < capacity)
        {
            _text[Length] = c;
            _origins[Length++] = origin;
        }
    }

    /// <summary>Adds a piece of another reading as it is.</summary>
    public void Add(in TextReading from, int start, int end)
    {
        end = Math.Min(end, start + capacity - Length);
        if (end <= start)
        {
            return;
        }

        from.Text[start..end].CopyTo(_text.AsSpan(Length));
        for (var i = start; i < end; i++)
        {
            _origins[Length++] = from.ToSource(i);
        }
    }

    /// <summary>The reading, valid until the buffer goes back.</summary>
    /// <param name="end">Where the source ends.</param>
    /// <param name="layers">What was taken off.</param>
    /// <param name="isDecoded">Whether that hid something.</param>
    public readonly TextReading ToReading(int end, TextLayers layers, bool isDecoded)
    {
        _origins[Length] = end;
        return new TextReading(_text.AsSpan(0, Length), _origins.AsSpan(0, Length + 1), 0, layers, isDecoded);
    }

    public readonly void Dispose()
    {
        // The text may hold anything a caller sent: it does not stay behind in a shared pool.
        ArrayPool<char>.Shared.Return(_text, clearArray: true);
        ArrayPool<int>.Shared.Return(_origins);
    }
}
