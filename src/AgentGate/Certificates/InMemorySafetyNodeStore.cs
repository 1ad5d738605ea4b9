using System.Collections.Concurrent;

namespace AgentGate.Certificates;

/// <summary>Safety nodes of one process. Thread-safe.</summary>
internal sealed class InMemorySafetyNodeStore : ISafetyNodeStore
{
    private readonly ConcurrentDictionary<(string Tenant, string NodeId), SafetyNode> _nodes = new();
    private readonly Lock _adding = new();

    public Task<IReadOnlyList<SafetyNode>> ListAsync(CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<SafetyNode>>(
            [.. _nodes.Values.OrderBy(static node => node.Tenant, StringComparer.Ordinal).ThenBy(static node => node.NodeId, StringComparer.Ordinal)]);

    public Task<bool> AddAsync(SafetyNode node, CancellationToken cancellationToken)
    {
        lock (_adding)
        {
            return Task.FromResult(
                !_nodes.Values.Any(other => other.Tenant == node.Tenant && other.Key.Equals(node.Key)) && _nodes.TryAdd((node.Tenant!, node.NodeId), node));
        }
    }

    public Task<bool> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken)
        => Task.FromResult(
            _nodes.TryGetValue((tenant, nodeId), out var node) && !node.IsRemoved && _nodes.TryUpdate((tenant, nodeId), node with { IsRemoved = true }, node));
}
