using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Pipeline;

/// <summary>What is put on record in one step: an entry, the trace it ends, the certificate of the decision it records. Immutable.</summary>
/// <param name="Entry">The entry.</param>
public sealed record DecisionRecord(LogEntryBody Entry)
{
    /// <summary>The trace that ends with this entry, or <see langword="null"/>.</summary>
    public CallTrace? Trace { get; init; }

    /// <summary>The certificate of the decision, or <see langword="null"/> for an entry that records none.</summary>
    public CertificateDraft? Certificate { get; init; }

    /// <summary>What the certificate's hashes stand for, to be stored encrypted beside it.</summary>
    internal DecisionEvidence? Evidence { get; init; }
}
