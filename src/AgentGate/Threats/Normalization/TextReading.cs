namespace AgentGate.Threats.Normalization;

/// <summary>One reading of a text, and where each of its characters comes from.</summary>
/// <param name="text">The text of the reading.</param>
/// <param name="origins">By position, and one past the last: where it stands in the source. Empty when the reading is a piece of the source.</param>
/// <param name="offset">Where that piece begins.</param>
/// <param name="layers">What was taken off.</param>
/// <param name="isDecoded">Whether that hid something: an encoding nobody uses for what is meant to be read.</param>
internal readonly ref struct TextReading(ReadOnlySpan<char> text, ReadOnlySpan<int> origins, int offset, TextLayers layers, bool isDecoded)
{
    public TextReading(ReadOnlySpan<char> text)
        : this(text, [], 0, TextLayers.None, isDecoded: false)
    {
    }

    public ReadOnlySpan<char> Text { get; } = text;

    public TextLayers Layers { get; } = layers;

    public bool IsDecoded { get; } = isDecoded;

    private ReadOnlySpan<int> Origins { get; } = origins;

    private int Offset { get; } = offset;

    /// <summary>Where a position of the reading stands in the source; the end of the reading is a position too.</summary>
    public int ToSource(int position) => Origins.IsEmpty ? Offset + position : Origins[position];

    /// <summary>A piece of this reading.</summary>
    public TextReading Slice(int start, int length, TextLayers layers)
        => new(
            Text.Slice(start, length),
            Origins.IsEmpty ? [] : Origins.Slice(start, length + 1),
            Offset + start,
            Layers | layers,
            IsDecoded);
}
