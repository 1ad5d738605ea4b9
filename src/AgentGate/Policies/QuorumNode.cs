namespace AgentGate.Policies;

/// <summary>A safety node whose votes count.</summary>
public sealed class QuorumNode
{
    /// <summary>The node's id.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string NodeId { get; set; } = "";

    /// <summary>The id of its key.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string KeyId { get; set; } = "";
}
