using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>An entry on its way to the writer, and the one who waits for it.</summary>
internal sealed class PendingEntry(LogEntryBody entry, CallTrace? trace)
    : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public LogEntryBody Entry { get; } = entry;

    public CallTrace? Trace { get; } = trace;
}
