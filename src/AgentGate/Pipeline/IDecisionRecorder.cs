using AgentGate.Kernel.Transparency;

namespace AgentGate.Pipeline;

/// <summary>Where decisions are put on record. When <see cref="AppendAsync"/> returns, the entry is as durable as configured.</summary>
/// <remarks>Thread-safe. A throw means the entry is not on record: before an effect, the effect does not run.</remarks>
public interface IDecisionRecorder
{
    /// <summary>Appends one entry and, with the last entry of a call, its trace. Both or neither.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="trace">The trace that ends with this entry, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels waiting; the entry may still be appended.</param>
    ValueTask AppendAsync(LogEntryBody entry, CallTrace? trace, CancellationToken cancellationToken);
}
