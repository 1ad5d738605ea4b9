using System.Collections.Immutable;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Delegation;

/// <summary>The grants and revocations in force, one immutable snapshot per tenant: a change is seen by the next call as a whole. Thread-safe.</summary>
internal sealed class GrantRegistry : IGrantKnowledge
{
    private volatile ImmutableDictionary<string, GrantSnapshot> _tenants = ImmutableDictionary.Create<string, GrantSnapshot>(StringComparer.Ordinal);

    /// <summary>What whoever changes grants takes.</summary>
    public ChangeTurn Turn { get; } = new();

    IGrantFacts IGrantKnowledge.Current(string tenant) => Current(tenant);

    /// <summary>A tenant's grants and revocations now.</summary>
    public GrantSnapshot Current(string tenant) => _tenants.TryGetValue(tenant, out var snapshot) ? snapshot : GrantSnapshot.Empty;

    /// <summary>Puts a snapshot in force. Who calls it has the <see cref="Turn"/>.</summary>
    public void Put(string tenant, GrantSnapshot snapshot) => _tenants = _tenants.SetItem(tenant, snapshot);

    /// <summary>Puts the snapshots of all tenants in force; a tenant that is not among them has none. Who calls it has the <see cref="Turn"/>.</summary>
    public void PutAll(ImmutableDictionary<string, GrantSnapshot> tenants) => _tenants = tenants;
}
