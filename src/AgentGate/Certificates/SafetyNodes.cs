using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;

namespace AgentGate.Certificates;

/// <summary>The safety nodes that count, per tenant: the configured ones for everybody, and those each tenant registered. Thread-safe.</summary>
internal sealed class SafetyNodes : INodeKeys, IFollowChanges, IDisposable
{
    private readonly ISafetyNodeStore _store;
    private readonly SafetyNodeOptions _options;
    private readonly ImmutableArray<SafetyNode> _configured;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private volatile ImmutableDictionary<string, Known> _tenants = ImmutableDictionary.Create<string, Known>(StringComparer.Ordinal);
    private readonly Known _others;
    private volatile ImmutableList<SafetyNode> _removed = [];

    /// <param name="store">Where registered nodes are kept.</param>
    /// <param name="options">Validated options.</param>
    public SafetyNodes(ISafetyNodeStore store, SafetyNodeOptions options)
    {
        (_store, _options) = (store, options);
        _configured = [.. options.Nodes.Select(node =>
            SafetyNodeReading.TryRead(node.NodeId, node.Url, node.PublicKey, options.AllowInsecure, out var read) is { } fault
                ? throw new InvalidOperationException($"{Codes.SafetyNodeInvalid}: AgentGate:SafetyNodes:Nodes: the {fault.Field} of \"{node.NodeId}\" {fault.Why}.")
                : read!)];
        _others = Make([]);
    }

    /// <summary>How many yes votes it takes.</summary>
    public int Votes => _options.Votes;

    /// <summary>The quorum of a tenant, <see langword="null"/> where none is configured. The same object until its nodes change.</summary>
    public VoteQuorum? QuorumOf(string tenant) => Of(tenant).Quorum;

    /// <summary>The nodes of a tenant, configured ones included, sorted by id.</summary>
    public ImmutableArray<SafetyNode> NodesOf(string tenant) => Of(tenant).Nodes;

    public IEnumerable<VerificationKey> NodeKeys
        => _configured.Concat(_tenants.Values.SelectMany(static known => known.Nodes)).Concat(_removed).Select(static node => node.Key).DistinctBy(static key => key.Id);

    public string Topic => ChangeTopics.SafetyNodes;

    /// <summary>Reads the registered nodes. Once, before the first call.</summary>
    /// <exception cref="InvalidOperationException">More votes are demanded than a tenant has nodes: nothing that needs them could ever pass.</exception>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await ReloadAsync(cancellationToken);
        foreach (var (tenant, nodes) in _tenants.Select(static pair => (pair.Key, pair.Value.Nodes.Length)).Append(("default", Of("default").Nodes.Length)))
        {
            if (nodes < _options.Votes)
            {
                throw new InvalidOperationException(
                    $"{Codes.QuorumImpossible}: AgentGate:SafetyNodes:Votes is {_options.Votes}, and tenant \"{tenant}\" has {nodes} safety nodes. Name more under "
                    + "AgentGate:SafetyNodes:Nodes, or start with fewer votes and register nodes at POST /api/security/safety-nodes.");
            }
        }
    }

    /// <summary>Reads the registered nodes again. Where too few are left for the votes that are demanded, nothing that needs votes passes.</summary>
    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var stored = await _store.ListAsync(cancellationToken);
            _removed = [.. stored.Where(static node => node.IsRemoved)];
            _tenants = stored.Where(static node => !node.IsRemoved).GroupBy(static node => node.Tenant!, StringComparer.Ordinal)
                .ToImmutableDictionary(static group => group.Key, group => Unchanged(group.Key, Make([.. group])), StringComparer.Ordinal);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Registers a node for a tenant; Γ changes with it.</summary>
    /// <returns>Why not, or <see langword="null"/>.</returns>
    public async Task<string?> AddAsync(SafetyNode node, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var known = NodesOf(node.Tenant!);
            if (!_configured.IsEmpty && !_options.AllowRegistered)
            {
                // Otherwise one key of one tenant could bring a quorum of its own beside the operators' nodes.
                return "The operators of this server name the safety nodes (AgentGate:SafetyNodes:Nodes); none are registered beside them unless AllowRegistered is set there.";
            }

            if (known.Length >= NodesMax)
            {
                return $"A tenant may have {NodesMax} safety nodes.";
            }

            if (known.FirstOrDefault(other => other.NodeId == node.NodeId || other.Key.Equals(node.Key)) is { } same)
            {
                return $"The node \"{same.NodeId}\" has this {(same.NodeId == node.NodeId ? "id" : "key")}: one node, one id, one key.";
            }

            if (_removed.Exists(other => other.Tenant == node.Tenant && (other.NodeId == node.NodeId || other.Key.Equals(node.Key))))
            {
                return "A node with this id or key was removed, and its votes stay on record under it: take another id and another key.";
            }

            if (!await _store.AddAsync(node, cancellationToken))
            {
                return "A node with this id or key was registered or removed at another server a moment ago: take another id and another key.";
            }

            _tenants = _tenants.SetItem(node.Tenant!, Make([.. known.Where(static other => other.Tenant is not null), node]));
            return null;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Removes a registered node of a tenant.</summary>
    /// <returns>Whether it was there; why not, where it must stay.</returns>
    public async Task<(bool Removed, string? Fault)> RemoveAsync(string tenant, string nodeId, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            var known = NodesOf(tenant);
            var node = known.FirstOrDefault(other => other.NodeId == nodeId);
            if (node is null)
            {
                return (false, null);
            }

            if (node.Tenant is null)
            {
                return (false, "The node stands in the configuration of the server; take it out there.");
            }

            if (known.Length - 1 < _options.Votes)
            {
                return (false, $"{_options.Votes} votes are demanded, and {known.Length - 1} nodes would be left: register another one first.");
            }

            var removed = await _store.RemoveAsync(tenant, nodeId, cancellationToken);
            _removed = _removed.Add(node with { IsRemoved = true });
            _tenants = _tenants.SetItem(tenant, Make([.. known.Where(other => other.Tenant is not null && other.NodeId != nodeId)]));
            return (removed, null);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The most nodes a tenant may have.</summary>
    public const int NodesMax = 64;

    public void Dispose() => _changing.Dispose();

    private Known Of(string tenant) => _tenants.GetValueOrDefault(tenant) ?? _others;

    /// <summary>What is known now, where it is the same: Γ is worked out anew only where it is another.</summary>
    private Known Unchanged(string tenant, Known read)
        => Of(tenant) is var now && now.Nodes.Select(static node => (node.NodeId, node.Key.Id, node.Url, node.Tenant))
            .SequenceEqual(read.Nodes.Select(static node => (node.NodeId, node.Key.Id, node.Url, node.Tenant))) ? now : read;

    private Known Make(ImmutableArray<SafetyNode> registered)
    {
        // A configured node that a tenant registered before keeps its one vote.
        ImmutableArray<SafetyNode> nodes =
        [
            .. _configured.Concat(registered.Where(node => !_configured.Any(other => other.NodeId == node.NodeId || other.Key.Equals(node.Key))))
                .OrderBy(static node => node.NodeId, StringComparer.Ordinal),
        ];
        return new Known(
            nodes, _options.Votes == 0 ? null : new VoteQuorum(_options.Votes, [.. nodes.Select(static node => new VoteNode(node.NodeId, node.Key.Id))]));
    }

    private sealed record Known(ImmutableArray<SafetyNode> Nodes, VoteQuorum? Quorum);
}
