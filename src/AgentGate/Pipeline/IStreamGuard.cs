using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Judges one streamed answer, piece by piece. Used by one flow at a time.</summary>
public interface IStreamGuard
{
    /// <summary>Judges the next piece.</summary>
    /// <param name="segment">The piece. A final piece must be answered with everything held back for its channel.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away. A deadline does not cancel: the gate stops waiting.</param>
    ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken);

    /// <summary>What the guard noticed in the whole stream; read once, after the last piece.</summary>
    ImmutableArray<Finding> Findings { get; }
}
