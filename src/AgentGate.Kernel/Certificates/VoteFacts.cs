using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>The grants and revocations that a request for a vote brings, as bundles hold them, proved under Γ's roots. Immutable.</summary>
internal sealed class VoteFacts : IGrantFacts
{
    private const int PathMax = 64;

    private readonly ImmutableArray<GrantPart> _grants = [];
    private readonly ImmutableArray<RevocationPart> _revocations = [];
    private readonly Gamma? _gamma;

    public VoteFacts()
    {
    }

    private VoteFacts(ImmutableArray<GrantPart> grants, ImmutableArray<RevocationPart> revocations, Gamma? gamma)
        => (_grants, _revocations, _gamma) = (grants, revocations, gamma);

    public string GrantsRoot => _gamma?.GrantsRoot ?? "";

    public long GrantsSize => _gamma?.GrantsSize ?? 0;

    public string RevocationsRoot => _gamma?.RevocationsRoot ?? "";

    public long RevocationsSize => _gamma?.RevocationsSize ?? 0;

    public static VoteFacts Read(StrictElement grants, StrictElement revocations)
        => new(grants.Items(GrantChain.MaxDepth, ReadGrant), revocations.Items(GrantChain.MaxDepth, ReadRevocation), null);

    public VoteFacts With(Gamma gamma) => new(_grants, _revocations, gamma);

    public bool TryGetGrant(string id, [NotNullWhen(true)] out Grant? grant)
    {
        grant = _grants.FirstOrDefault(part => part.Grant?.Grant.Id == id)?.Grant?.Grant;
        return grant is not null;
    }

    public bool IsRevoked(string id) => _revocations.Any(part => part.GrantId == id && part.IsPresent);

    /// <summary>What is not proved, or <see langword="null"/> where the chain is whole and every fact is.</summary>
    public string? Fault(string leaf, Gamma gamma, Func<string, VerificationKey?> keys)
    {
        var wanted = (string?)leaf;
        for (var i = 0; i < _grants.Length; i++)
        {
            var part = _grants[i];
            if (wanted is null || part.Id != wanted)
            {
                return "a grant is there that the chain does not name";
            }

            var proved = part.Grant is null
                ? FactProofs.VerifyAbsent(gamma.GrantsRoot, gamma.GrantsSize, part.Id, part.Facts)
                : FactProofs.VerifyPresent(gamma.GrantsRoot, gamma.GrantsSize, part.Id, part.Facts[0]) && part.Grant.IsSignedBy(keys(part.Grant.KeyId));
            if (!proved)
            {
                return "a grant is not proved, or not signed by a key this node was given";
            }

            wanted = part.Grant?.Grant.ParentId;
        }

        if (wanted is not null && _grants.Length < GrantChain.MaxDepth)
        {
            return "the chain is not whole";
        }

        var known = _grants.Where(static part => part.Grant is not null).Select(static part => part.Id);
        return !known.SequenceEqual(_revocations.Select(static part => part.GrantId), StringComparer.Ordinal) ? "the revocations are not those of the chain"
            : _revocations.All(part => part.IsPresent
                ? FactProofs.VerifyPresent(gamma.RevocationsRoot, gamma.RevocationsSize, part.GrantId, part.Facts[0])
                : FactProofs.VerifyAbsent(gamma.RevocationsRoot, gamma.RevocationsSize, part.GrantId, part.Facts)) ? null
            : "a revocation is not proved";
    }

    private static GrantPart ReadGrant(StrictElement json)
    {
        if (json.Has("grant_id"))
        {
            json.Members(["grant_id", "absent"]);
            return new GrantPart(json["grant_id"].Text(64), null, json["absent"].Items(2, ReadFact));
        }

        json.Members(["grant", "proof"]);
        var bytes = json["grant"].Canonical.ToArray();
        return SignedGrant.TryParse(bytes, out var grant)
            ? new GrantPart(grant.Grant.Id, grant, [new ProvenFact(bytes, ReadProof(json["proof"]))])
            : throw json["grant"].Error("is no signed grant");
    }

    private static RevocationPart ReadRevocation(StrictElement json)
    {
        json.Members(["grant_id"], ["present", "absent"]);
        if (json.Has("present") == json.Has("absent"))
        {
            throw json.Error("is either present or absent");
        }

        return json.Has("present")
            ? new RevocationPart(json["grant_id"].Text(64), true, [ReadFact(json["present"])])
            : new RevocationPart(json["grant_id"].Text(64), false, json["absent"].Items(2, ReadFact));
    }

    private static ProvenFact ReadFact(StrictElement json)
    {
        json.Members(["fact", "proof"]);
        return new ProvenFact(json["fact"].Canonical.ToArray(), ReadProof(json["proof"]));
    }

    private static FactProof ReadProof(StrictElement json)
    {
        json.Members(["index", "path"]);
        return new FactProof(json["index"].Count(), json["path"].Items(PathMax, static hash => hash.Hash()));
    }

    private sealed record GrantPart(string Id, SignedGrant? Grant, ImmutableArray<ProvenFact> Facts);

    private sealed record RevocationPart(string GrantId, bool IsPresent, ImmutableArray<ProvenFact> Facts);
}
