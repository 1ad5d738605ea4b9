using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>
/// What one transaction stores: entries in order, the certificates they name, the traces that end with them, the tiles that
/// changed, and where each log then stands.
/// </summary>
internal sealed class AuditBatch
{
    public List<ChainedEntry> Entries { get; } = [];

    public List<CallTrace> Traces { get; } = [];

    public List<SealedCertificate> Certificates { get; } = [];

    public List<LogTile> Tiles { get; } = [];

    /// <summary>The new head of each tenant that has entries here.</summary>
    public Dictionary<string, ChainHead> Heads { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a shared store brings this batch, and everything before it, to the disk, however durable it is otherwise.</summary>
    public bool ToDisk { get; set; }

    public void Clear()
    {
        ToDisk = false;
        Entries.Clear();
        Traces.Clear();
        Certificates.Clear();
        Tiles.Clear();
        Heads.Clear();
    }
}
