using System.Collections.Immutable;
using AgentGate.Pipeline;

namespace AgentGate.Deception;

/// <summary>The live tokens per tenant, and where each principal that touched one stands. What changes counts from the next call on. Thread-safe.</summary>
internal sealed class HoneyRegistry
{
    private readonly Lock _standing = new();
    private readonly Dictionary<(string Tenant, string Principal), Touches> _touches = [];
    private volatile ImmutableDictionary<string, HoneySet> _sets = ImmutableDictionary.Create<string, HoneySet>(StringComparer.Ordinal);
    private volatile ImmutableDictionary<(string Tenant, string Principal), int> _standings = ImmutableDictionary<(string Tenant, string Principal), int>.Empty;
    private volatile bool _isAnybodyFlagged;

    /// <summary>What whoever changes tokens or clears principals takes.</summary>
    public ChangeTurn Turn { get; } = new();

    /// <summary>The live tokens of a tenant.</summary>
    public HoneySet Of(string tenant) => _sets.TryGetValue(tenant, out var set) ? set : HoneySet.Empty;

    /// <summary>Puts a set in force. Who calls it has the <see cref="Turn"/>.</summary>
    public void Put(string tenant, HoneySet set) => _sets = _sets.SetItem(tenant, set);

    /// <summary>Puts the sets of all tenants in force; a tenant that is not among them has none. Who calls it has the <see cref="Turn"/>.</summary>
    public void PutAll(ImmutableDictionary<string, HoneySet> sets) => _sets = sets;

    /// <summary>Whether anybody stands badly: nearly always nobody, and then nothing more is asked.</summary>
    public bool IsAnybodyFlagged => _isAnybodyFlagged;

    /// <summary>The worst a principal touched, 0 for nothing.</summary>
    public int StandingOf(string tenant, string principal) => _standings.GetValueOrDefault((tenant, principal));

    /// <summary>Puts a principal where it stands at least. Whoever stores the touch says so with <see cref="Stored"/>.</summary>
    public void Raise(string tenant, string principal, int severity)
    {
        lock (_standing)
        {
            var touches = _touches.GetValueOrDefault((tenant, principal));
            _touches[(tenant, principal)] = touches with { Made = touches.Made + 1, Severity = Math.Max(touches.Severity, severity) };
            _standings = _standings.SetItem((tenant, principal), Math.Max(severity, _standings.GetValueOrDefault((tenant, principal))));
            _isAnybodyFlagged = true;
        }
    }

    /// <summary>Says that the store knows one touch of a principal more.</summary>
    public void Stored(string tenant, string principal)
    {
        lock (_standing)
        {
            if (_touches.TryGetValue((tenant, principal), out var touches))
            {
                _touches[(tenant, principal)] = touches with { Kept = touches.Kept + 1 };
            }
        }
    }

    /// <summary>Forgets what a principal touched. Who calls it has the <see cref="Turn"/>.</summary>
    public void Clear(string tenant, string principal)
    {
        lock (_standing)
        {
            _touches.Remove((tenant, principal));
            _standings = _standings.Remove((tenant, principal));
            _isAnybodyFlagged = !_standings.IsEmpty;
        }
    }

    /// <summary>The principals whose every touch in this process the store knows by now: for them, what is read from it later is the whole truth.</summary>
    public ImmutableDictionary<(string Tenant, string Principal), long> Known()
    {
        lock (_standing)
        {
            return _touches.Where(static pair => pair.Value.Made == pair.Value.Kept).ToImmutableDictionary(static pair => pair.Key, static pair => pair.Value.Made);
        }
    }

    /// <summary>Puts everybody where the store says, and at least where touches put them that the store may not have known when it was read.</summary>
    /// <param name="standings">What the store says.</param>
    /// <param name="known">What <see cref="Known"/> said before it was read.</param>
    public void Stand(IEnumerable<HoneyStanding> standings, ImmutableDictionary<(string Tenant, string Principal), long> known)
    {
        lock (_standing)
        {
            foreach (var (principal, made) in known)
            {
                if (_touches.TryGetValue(principal, out var touches) && touches.Made == made)
                {
                    _touches.Remove(principal);
                }
            }

            var stand = ImmutableDictionary.CreateBuilder<(string Tenant, string Principal), int>();
            foreach (var one in standings)
            {
                stand[(one.Tenant, one.Principal)] = one.Severity;
            }

            foreach (var (principal, touches) in _touches)
            {
                stand[principal] = Math.Max(touches.Severity, stand.GetValueOrDefault(principal));
            }

            // The flag is up before anybody stands badly, and down only after nobody does.
            _isAnybodyFlagged |= stand.Count > 0;
            _standings = stand.ToImmutable();
            _isAnybodyFlagged = stand.Count > 0;
        }
    }

    /// <summary>What a principal touched in this process since the store was last read.</summary>
    /// <param name="Made">How many touches.</param>
    /// <param name="Kept">How many of them the store has.</param>
    /// <param name="Severity">The worst.</param>
    private readonly record struct Touches(long Made, long Kept, int Severity);
}
