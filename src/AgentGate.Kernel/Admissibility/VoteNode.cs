namespace AgentGate.Kernel.Admissibility;

/// <summary>A safety node. Immutable.</summary>
/// <param name="NodeId">Its id.</param>
/// <param name="KeyId">The id of its key.</param>
public sealed record VoteNode(string NodeId, string KeyId);
