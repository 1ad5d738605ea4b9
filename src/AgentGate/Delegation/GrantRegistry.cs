using System.Collections.Concurrent;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Delegation;

/// <summary>The grants and revocations in force, one immutable snapshot per tenant: a change is seen by the next call as a whole. Thread-safe.</summary>
internal sealed class GrantRegistry : IGrantKnowledge
{
    private readonly ConcurrentDictionary<string, GrantSnapshot> _tenants = new(StringComparer.Ordinal);

    IGrantFacts IGrantKnowledge.Current(string tenant) => Current(tenant);

    /// <summary>A tenant's grants and revocations now.</summary>
    public GrantSnapshot Current(string tenant) => _tenants.TryGetValue(tenant, out var snapshot) ? snapshot : GrantSnapshot.Empty;

    /// <summary>Puts a snapshot in force. One who changes at a time: <see cref="GrantAdministration"/> sees to that.</summary>
    public void Put(string tenant, GrantSnapshot snapshot) => _tenants[tenant] = snapshot;
}
