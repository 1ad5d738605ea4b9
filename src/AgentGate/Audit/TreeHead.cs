using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>A log's tree as far as it is stored. Immutable: the frontier in it grows no more.</summary>
internal sealed class TreeHead(MerkleFrontier frontier)
{
    public long Size => frontier.Size;

    /// <summary>Computes the root.</summary>
    public byte[] Root() => frontier.Root();
}
