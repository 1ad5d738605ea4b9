using System.Collections.Immutable;
using AgentGate.Pipeline;

namespace AgentGate.Policies;

/// <summary>
/// The policies in force, per tenant. A tenant for which nothing was set is judged by the configured ones; whoever activates
/// a version sets it here, and the next call is judged by it.
/// </summary>
/// <remarks>
/// Thread-safe. A call asks once and is judged by that answer to its end, so that no call is judged half by one version
/// and half by another.
/// </remarks>
internal sealed class PolicyRegistry(ActivePolicies configured)
{
    private readonly Lock _changing = new();
    private volatile ImmutableDictionary<string, ActivePolicies> _active = ImmutableDictionary.Create<string, ActivePolicies>(StringComparer.Ordinal);

    /// <summary>What whoever changes the store and what is in force takes.</summary>
    public ChangeTurn Turn { get; } = new();

    /// <summary>What configuration says: in force where nothing else was set.</summary>
    public ActivePolicies Configured { get; } = configured;

    /// <summary>What judges the calls of a tenant now.</summary>
    public ActivePolicies Current(string tenant) => _active.GetValueOrDefault(tenant) ?? Configured;

    /// <summary>Puts a version in force for one tenant, in place of what was; also of its shadow.</summary>
    public void Set(string tenant, ActivePolicies policies)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(policies);
        lock (_changing)
        {
            _active = _active.SetItem(tenant, policies);
        }
    }

    /// <summary>Puts the versions of all tenants in force at once; a tenant that is not among them is judged by the configured ones.</summary>
    public void SetAll(ImmutableDictionary<string, ActivePolicies> policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        lock (_changing)
        {
            _active = policies;
        }
    }

    /// <summary>Asks a set beside the one in force, or none any more.</summary>
    public void SetShadow(string tenant, ActivePolicies? shadow)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        lock (_changing)
        {
            _active = _active.SetItem(tenant, Current(tenant) with { Shadow = shadow });
        }
    }

    /// <summary>Puts the configured policies in force again for one tenant.</summary>
    public void Clear(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        lock (_changing)
        {
            _active = _active.Remove(tenant);
        }
    }
}
