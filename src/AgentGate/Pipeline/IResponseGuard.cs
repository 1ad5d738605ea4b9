using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Looks at an answer before the caller gets it: whole, or as a stream of deltas.</summary>
/// <remarks>Implementations are shared by all calls and must be thread-safe. A hold is not possible here and counts as a failure.</remarks>
public interface IResponseGuard
{
    /// <summary>Judges a complete answer.</summary>
    /// <param name="context">The call, its scope and the answer.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away. A deadline does not cancel: the gate stops waiting.</param>
    ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken);

    /// <summary>Starts judging a streamed answer.</summary>
    /// <param name="context">The call and its scope; the content is <see langword="null"/>.</param>
    /// <returns>A guard for this one stream, or <see langword="null"/> when this guard has nothing to say about it.</returns>
    IStreamGuard? OpenStream(ResponseContext context);
}
