using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Certificates;

/// <summary>Registers and removes safety nodes, and puts it on record before it counts: whose votes count is part of what decides.</summary>
internal sealed class SafetyNodeActs(SafetyNodes nodes, IDecisionRecorder recorder, IIdSource ids, TimeProvider time)
{
    /// <summary>A node was registered.</summary>
    public const string Registered = "node.register";

    /// <summary>A node was removed.</summary>
    public const string Removed = "node.remove";

    /// <summary>What entries call a node.</summary>
    private const string NodeType = "AgentGate::SafetyNode";

    /// <summary>Registers a node for the tenant of who asks.</summary>
    /// <returns>The node; or why not.</returns>
    public async Task<(SafetyNode? Node, string? Fault)> AddAsync(Principal principal, SafetyNode node, CancellationToken cancellationToken)
    {
        var registered = node with { Tenant = principal.Tenant, RegisteredBy = principal.Id, RegisteredAt = time.GetUtcNow() };
        await RecordAsync(principal, Registered, node.NodeId, node.Key.Id, cancellationToken);
        return await nodes.AddAsync(registered, cancellationToken) is { } fault ? (null, fault) : (registered, null);
    }

    /// <summary>Removes a node of the tenant of who asks.</summary>
    /// <returns>Whether it was there; or why it stays.</returns>
    public async Task<(bool Removed, string? Fault)> RemoveAsync(Principal principal, string nodeId, CancellationToken cancellationToken)
    {
        if (!nodes.NodesOf(principal.Tenant).Any(node => node.NodeId == nodeId))
        {
            return (false, null);
        }

        await RecordAsync(principal, Removed, nodeId, null, cancellationToken);
        return await nodes.RemoveAsync(principal.Tenant, nodeId, cancellationToken);
    }

    private async Task RecordAsync(Principal principal, string act, string nodeId, string? keyId, CancellationToken cancellationToken)
        => await recorder.AppendAsync(
            new DecisionRecord(new LogEntryBody
            {
                Id = ids.NewId(), Kind = EntryKind.Admin, At = time.GetUtcNow(), Tenant = principal.Tenant, Principal = principal.Id,
                Action = act, Resource = new EntityRef(NodeType, nodeId), Detail = keyId,
            }),
            cancellationToken);
}
