using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>An entry on its way to the writer, and the one who waits for it.</summary>
internal sealed class PendingEntry(DecisionRecord record)
    : TaskCompletionSource<CertificateSeal?>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public DecisionRecord Record { get; } = record;

    public LogEntryBody Entry => Record.Entry;

    public CallTrace? Trace => Record.Trace;

    /// <summary>The certificate's signature and place, once its batch was chained and signed.</summary>
    public CertificateSeal? Seal { get; set; }
}
