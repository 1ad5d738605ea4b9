using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>A streamed answer as the door reads it from the other side.</summary>
public interface IEffectStream : IAsyncDisposable
{
    /// <summary>The next frame, or <see langword="null"/> after the last one.</summary>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    ValueTask<StreamFrame?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>What the effect consumed, as far as known.</summary>
    Usage? Usage { get; }

    /// <summary>Feeds a hash with the bytes received, for the outcome's response digest. Called once, before the first read.</summary>
    /// <param name="observe">Called with each received block, in order.</param>
    void Observe(Action<ReadOnlyMemory<byte>> observe);
}
