using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What an effect gave. A closed set: a complete answer, a stream, or a failure it can name.</summary>
public abstract record EffectResult
{
    private EffectResult()
    {
    }

    /// <summary>A complete answer.</summary>
    /// <param name="Content">The answer, before any response guard.</param>
    public sealed record Complete(CallContent Content) : EffectResult
    {
        /// <summary>What the effect consumed.</summary>
        public Usage? Usage { get; init; }
    }

    /// <summary>A streamed answer, before any response guard.</summary>
    /// <param name="Frames">The frames. The gate reads and disposes them.</param>
    public sealed record Streamed(IEffectStream Frames) : EffectResult;

    /// <summary>The effect was tried and the other side answered with an error that it is safe to describe.</summary>
    /// <param name="Denial">The failure, in the words the caller gets.</param>
    public sealed record Failed(Denial Denial) : EffectResult
    {
        /// <summary>Whether the other side surely did no work that anyone pays for: it refused, or was never reached.</summary>
        /// <value>The default is <see langword="false"/>: it may have consumed as much as was allowed.</value>
        public bool NothingConsumed { get; init; }

        /// <summary>The other side's error document, passed through the response guards like any answer.</summary>
        public CallContent? Content { get; init; }
    }
}
