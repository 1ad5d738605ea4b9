using System.Collections.Concurrent;

namespace AgentGate.Certificates;

/// <summary>Safety nodes of one process. Thread-safe.</summary>
internal sealed class InMemorySafetyNodeStore : ISafetyNodeStore
{
    private readonly ConcurrentDictionary<(string Tenant, string NodeId), SafetyNode> _nodes = new();

    public Task<IReadOnlyList<SafetyNode>> ListAsync(CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<SafetyNode>>([.. _nodes.Values]);

    public Task AddAsync(SafetyNode node, CancellationToken cancellationToken)
        => _nodes.TryAdd((node.Tenant!, node.NodeId), node) ? Task.CompletedTask : throw new InvalidOperationException("A node with this id exists.");

    public Task<bool> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken)
        => Task.FromResult(
            _nodes.TryGetValue((tenant, nodeId), out var node) && !node.IsRemoved && _nodes.TryUpdate((tenant, nodeId), node with { IsRemoved = true }, node));
}
