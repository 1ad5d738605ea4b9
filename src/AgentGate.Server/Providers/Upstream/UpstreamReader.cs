using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>Reads one response's bytes, each read within the idle time. Owns the response.</summary>
/// <remarks>Not thread-safe. What goes wrong is an <see cref="UpstreamException"/>, except the caller's own cancellation.</remarks>
internal sealed class UpstreamReader(string provider, HttpResponseMessage response, Stream stream, TimeSpan idle, TimeProvider time)
    : IAsyncDisposable
{
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(idle, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            return await stream.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e)
        {
            throw Failure(UpstreamFailures.TimedOut(provider, "did not go on with its answer"), e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure(UpstreamFailures.Broken(provider), e);
        }
    }

    /// <summary>Reads the rest, up to a bound.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAllAsync(int bytesMax, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > bytesMax)
        {
            throw Failure(UpstreamFailures.TooLarge(provider), null);
        }

        var buffer = new byte[Math.Min(bytesMax, (int)(response.Content.Headers.ContentLength ?? 4_096)) + 1];
        var length = 0;
        while (true)
        {
            var count = await ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += count;
            if (count == 0)
            {
                return buffer.AsMemory(0, length);
            }

            if (length > bytesMax)
            {
                throw Failure(UpstreamFailures.TooLarge(provider), null);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(bytesMax + 1L, buffer.Length * 2L));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stream.DisposeAsync();
        response.Dispose();
    }

    private static UpstreamException Failure(Denial denial, Exception? inner) => new(denial, inner);
}
