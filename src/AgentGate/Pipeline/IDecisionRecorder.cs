using AgentGate.Kernel.Certificates;

namespace AgentGate.Pipeline;

/// <summary>Where decisions are put on record. When <see cref="AppendAsync"/> returns, the entry is as durable as configured.</summary>
/// <remarks>Thread-safe. A throw means the entry is not on record: before an effect, the effect does not run.</remarks>
public interface IDecisionRecorder
{
    /// <summary>Appends one entry with what goes beside it: the trace it ends, the certificate of its decision. All or nothing.</summary>
    /// <param name="record">The entry, and what goes beside it.</param>
    /// <param name="cancellationToken">Cancels waiting; the entry may still be appended.</param>
    /// <returns>The certificate's signature and place, or <see langword="null"/> where the record has no certificate.</returns>
    ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken);
}
