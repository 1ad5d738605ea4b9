using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>What one transaction stores: entries in order, the traces that end with them, and where each log then stands.</summary>
internal sealed class AuditBatch
{
    public List<ChainedEntry> Entries { get; } = [];

    public List<CallTrace> Traces { get; } = [];

    /// <summary>The new head of each tenant that has entries here.</summary>
    public Dictionary<string, ChainHead> Heads { get; } = new(StringComparer.Ordinal);

    public void Clear()
    {
        Entries.Clear();
        Traces.Clear();
        Heads.Clear();
    }
}
