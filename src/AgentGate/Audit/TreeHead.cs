using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>A log's tree as far as it is stored. Immutable: the frontier it was made of grows no more.</summary>
internal sealed class TreeHead
{
    private readonly MerkleFrontier? _frontier;
    private readonly byte[]? _root;

    /// <summary>A tree whose root is computed when somebody asks.</summary>
    public TreeHead(MerkleFrontier frontier) => (_frontier, Size) = (frontier, frontier.Size);

    /// <summary>A tree whose root is known.</summary>
    public TreeHead(long size, byte[] root) => (Size, _root) = (size, root);

    public long Size { get; }

    /// <summary>The root.</summary>
    public byte[] Root() => _root ?? _frontier!.Root();
}
