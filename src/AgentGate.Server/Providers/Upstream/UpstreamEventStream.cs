using AgentGate.Server.Providers.Sse;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>The events of a streamed answer, as they arrive.</summary>
/// <remarks>Not thread-safe. Disposing it before the end aborts the request to the provider.</remarks>
internal sealed class UpstreamEventStream(string provider, UpstreamReader reader, int eventBytesMax) : IAsyncDisposable
{
    private readonly SseReader _events = new(eventBytesMax);
    private readonly byte[] _buffer = new byte[16 * 1024];
    private Action<ReadOnlyMemory<byte>>? _observe;
    private bool _ended;

    /// <summary>Names who sees the bytes as received. Called once, before the first read.</summary>
    public void Observe(Action<ReadOnlyMemory<byte>> observe) => _observe = observe;

    /// <summary>The next event, or <see langword="null"/> after the last one.</summary>
    /// <exception cref="UpstreamException">The stream broke off, fell silent, or an event is too large.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async ValueTask<SseEvent?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_events.TryRead(out var next))
            {
                return next;
            }

            if (_ended)
            {
                return null;
            }

            var count = await reader.ReadAsync(_buffer, cancellationToken);
            if (count == 0)
            {
                _ended = true;
                if (_events.IsPartial)
                {
                    throw new UpstreamException(UpstreamFailures.Broken(provider));
                }

                continue;
            }

            _observe?.Invoke(_buffer.AsMemory(0, count));
            try
            {
                _events.Append(_buffer.AsSpan(0, count));
            }
            catch (SseTooLargeException e)
            {
                throw new UpstreamException(UpstreamFailures.TooLarge(provider), e);
            }
        }
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();
}
