using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Kernel.Delegation;

/// <summary>
/// A tenant's grants and revocations at one moment, with the trees that prove them. Whoever makes it has verified the grants'
/// signatures. Immutable and thread-safe; a change makes another one.
/// </summary>
public sealed class GrantSnapshot : IGrantFacts
{
    private readonly ImmutableDictionary<string, SignedGrant> _grants;
    private readonly ImmutableDictionary<string, GrantRevocation> _revocations;

    private GrantSnapshot(
        ImmutableDictionary<string, SignedGrant> grants, ImmutableDictionary<string, GrantRevocation> revocations, FactTree grantsTree, FactTree revocationsTree)
        => (_grants, _revocations, GrantsTree, RevocationsTree) = (grants, revocations, grantsTree, revocationsTree);

    /// <summary>No grants, no revocations.</summary>
    public static GrantSnapshot Empty { get; } = new(
        ImmutableDictionary.Create<string, SignedGrant>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, GrantRevocation>(StringComparer.Ordinal),
        FactTree.Empty,
        FactTree.Empty);

    /// <summary>The tree of all grants, revoked ones too.</summary>
    public FactTree GrantsTree { get; }

    /// <summary>The tree of revocations.</summary>
    public FactTree RevocationsTree { get; }

    /// <inheritdoc />
    public string GrantsRoot => GrantsTree.Root;

    /// <inheritdoc />
    public long GrantsSize => GrantsTree.Size;

    /// <inheritdoc />
    public string RevocationsRoot => RevocationsTree.Root;

    /// <inheritdoc />
    public long RevocationsSize => RevocationsTree.Size;

    /// <summary>The grants, in no order.</summary>
    public IEnumerable<SignedGrant> Grants => _grants.Values;

    /// <summary>The revocations, in no order.</summary>
    public IEnumerable<GrantRevocation> Revocations => _revocations.Values;

    /// <summary>A snapshot of verified grants and of revocations.</summary>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    /// <exception cref="FormatException">A revocation is not as the format says.</exception>
    public static GrantSnapshot Create(IReadOnlyCollection<SignedGrant> grants, IReadOnlyCollection<GrantRevocation> revocations)
    {
        ArgumentNullException.ThrowIfNull(grants);
        ArgumentNullException.ThrowIfNull(revocations);
        var grantsTree = FactTree.Create(grants.Select(static grant => KeyValuePair.Create(grant.Grant.Id, grant.Canonical)));
        var revocationsTree = FactTree.Create(
            revocations.Select(static one => KeyValuePair.Create(one.GrantId, new ReadOnlyMemory<byte>(one.ToCanonical()))));
        return new GrantSnapshot(
            grants.ToImmutableDictionary(static grant => grant.Grant.Id, StringComparer.Ordinal),
            revocations.ToImmutableDictionary(static one => one.GrantId, StringComparer.Ordinal),
            grantsTree,
            revocationsTree);
    }

    /// <summary>This snapshot with one verified grant more.</summary>
    /// <exception cref="ArgumentException">The id is there already.</exception>
    public GrantSnapshot With(SignedGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new GrantSnapshot(
            _grants.Add(grant.Grant.Id, grant), _revocations, GrantsTree.With(grant.Grant.Id, grant.Canonical), RevocationsTree);
    }

    /// <summary>This snapshot with one revocation more. A grant that was revoked stays revoked as it was.</summary>
    /// <exception cref="FormatException">It is not as the format says.</exception>
    public GrantSnapshot With(GrantRevocation revocation)
    {
        ArgumentNullException.ThrowIfNull(revocation);
        return _revocations.ContainsKey(revocation.GrantId)
            ? this
            : new GrantSnapshot(
                _grants, _revocations.Add(revocation.GrantId, revocation), GrantsTree, RevocationsTree.With(revocation.GrantId, revocation.ToCanonical()));
    }

    /// <summary>This snapshot without some grants and their revocations: what is forgotten counts nowhere.</summary>
    public GrantSnapshot Without(IReadOnlySet<string> ids)
        => new(_grants.RemoveRange(ids), _revocations.RemoveRange(ids), GrantsTree.Without(ids), RevocationsTree.Without(ids));

    /// <inheritdoc />
    public bool TryGetGrant(string id, [NotNullWhen(true)] out Grant? grant)
    {
        grant = _grants.TryGetValue(id, out var signed) ? signed.Grant : null;
        return grant is not null;
    }

    /// <summary>Finds a grant with its signature.</summary>
    public bool TryGetSigned(string id, [NotNullWhen(true)] out SignedGrant? grant) => _grants.TryGetValue(id, out grant);

    /// <summary>Finds the revocation of a grant.</summary>
    public bool TryGetRevocation(string id, [NotNullWhen(true)] out GrantRevocation? revocation) => _revocations.TryGetValue(id, out revocation);

    /// <inheritdoc />
    public bool IsRevoked(string id) => _revocations.ContainsKey(id);
}
