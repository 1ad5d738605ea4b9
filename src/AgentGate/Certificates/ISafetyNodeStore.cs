namespace AgentGate.Certificates;

/// <summary>Where registered safety nodes are kept. Thread-safe.</summary>
internal interface ISafetyNodeStore
{
    /// <summary>All nodes of all tenants.</summary>
    Task<IReadOnlyList<SafetyNode>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Keeps a node.</summary>
    Task AddAsync(SafetyNode node, CancellationToken cancellationToken);

    /// <summary>Forgets a node.</summary>
    /// <returns>Whether the tenant had it.</returns>
    Task<bool> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken);
}
