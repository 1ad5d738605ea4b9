namespace AgentGate.Server.Access;

/// <summary>A body that was read whole, and ends as it ended: whoever reads it afterwards has its bytes without a second copy.</summary>
/// <param name="content">What was read.</param>
/// <param name="end">What it broke off with, if it did.</param>
internal sealed class BufferedBody(ReadOnlyMemory<byte> content, Exception? end) : Stream
{
    private int _position;

    /// <summary>All of it, where it did not break off and nobody has begun to read it.</summary>
    public ReadOnlyMemory<byte>? Whole => end is null && _position == 0 ? content : null;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var rest = content.Span[_position..];
        if (rest.Length == 0 && end is not null)
        {
            throw end;
        }

        var count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
