using System.Collections.Concurrent;

namespace AgentGate.Deception;

/// <summary>The live tokens per tenant, and where each principal that touched one stands. What changes counts from the next call on. Thread-safe.</summary>
internal sealed class HoneyRegistry
{
    private readonly ConcurrentDictionary<string, HoneySet> _sets = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Tenant, string Principal), int> _standings = new();
    private volatile bool _isAnybodyFlagged;

    /// <summary>The live tokens of a tenant.</summary>
    public HoneySet Of(string tenant) => _sets.TryGetValue(tenant, out var set) ? set : HoneySet.Empty;

    /// <summary>Puts a set in force.</summary>
    public void Put(string tenant, HoneySet set) => _sets[tenant] = set;

    /// <summary>Whether anybody stands badly: nearly always nobody, and then nothing more is asked.</summary>
    public bool IsAnybodyFlagged => _isAnybodyFlagged;

    /// <summary>The worst a principal touched, 0 for nothing.</summary>
    public int StandingOf(string tenant, string principal) => _standings.GetValueOrDefault((tenant, principal));

    /// <summary>Puts a principal where it stands at least.</summary>
    public void Raise(string tenant, string principal, int severity)
    {
        _standings.AddOrUpdate((tenant, principal), severity, (_, known) => Math.Max(known, severity));
        _isAnybodyFlagged = true;
    }

    /// <summary>Forgets what a principal touched.</summary>
    public void Clear(string tenant, string principal) => _standings.TryRemove((tenant, principal), out _);
}
