namespace AgentGate.Certificates;

/// <summary>Where registered safety nodes are kept. Thread-safe.</summary>
internal interface ISafetyNodeStore
{
    /// <summary>All nodes of all tenants, removed ones too.</summary>
    Task<IReadOnlyList<SafetyNode>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a node.</summary>
    /// <returns>Whether it is kept; <see langword="false"/> where the tenant has, or had, a node of this id or key.</returns>
    Task<bool> AddAsync(SafetyNode node, CancellationToken cancellationToken);

    /// <summary>Marks a node as removed. Its key stays: the votes it gave are checked with it.</summary>
    /// <returns>Whether the tenant had it, and it was not removed before.</returns>
    Task<bool> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken);
}
