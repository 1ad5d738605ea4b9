namespace AgentGate.Kernel.Canonical;

/// <summary>A growing byte buffer that is used again and again. Not thread-safe.</summary>
internal sealed class CanonicalBuffer(int capacity)
{
    private byte[] _bytes = new byte[Math.Max(capacity, 256)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>The written bytes; good until the next write or <see cref="Truncate"/>.</summary>
    public ReadOnlyMemory<byte> Slice(int start, int length) => _bytes.AsMemory(start, length);

    public void Truncate(int length) => Length = length;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Room for at least this many bytes; <see cref="Advance"/> makes them count.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, checked(Length + count)));
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;
}
