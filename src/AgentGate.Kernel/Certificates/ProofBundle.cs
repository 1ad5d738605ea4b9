using System.Collections.Immutable;
using System.Text;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Certificates;

/// <summary>A bundle as it states itself (docs/formats/bundle.md). What Cedar reads, the entry and the note are not yet read. Immutable.</summary>
internal sealed class ProofBundle
{
    /// <summary>The most bytes of a bundle: 16 MiB.</summary>
    public const int LengthMax = 16 * 1024 * 1024;

    private const int PoliciesMax = 65_536;
    private const int PathMax = 64;
    private const int ListMax = 1_024;

    private ProofBundle(StrictElement json)
    {
        json.Members(
            ["version", "certificate", "entry", "checkpoint"],
            ["alpha", "gamma", "settings", "erased", "policies", "grants", "revocations", "votes"]);
        json["version"].Version();
        CertificateCanonical = json["certificate"].Canonical.ToArray();
        Certificate = CertificateReader.Read(json["certificate"]);
        Alpha = json.Has("alpha") ? AlphaDocument.Read(json["alpha"]) : null;
        (Gamma, GammaHash) = json.Has("gamma") ? (GammaJson.Read(json["gamma"]), CanonicalHash.Of(json["gamma"].Canonical)) : (null, null);
        (Settings, SettingsHash) = json.Has("settings") ? (SettingsJson.Read(json["settings"]), CanonicalHash.Of(json["settings"].Canonical)) : (null, null);
        Erased = json.Has("erased") && json["erased"].True();
        Policies = json.Has("policies") ? json["policies"].Sorted(PoliciesMax, ReadPolicy, static policy => (policy.Id, "")) : null;
        Grants = json.Has("grants") ? json["grants"].Items(ListMax, ReadGrant) : null;
        Revocations = json.Has("revocations") ? json["revocations"].Items(ListMax, ReadRevocation) : null;
        Votes = json.Has("votes") ? json["votes"].Items(ListMax, static vote => SignedVote.Parse(vote.Canonical)) : [];
        var entry = json["entry"];
        entry.Members(["json", "index", "proof"]);
        Entry = Encoding.UTF8.GetBytes(entry["json"].Text(LengthMax));
        EntryIndex = entry["index"].Count();
        EntryPath = entry["proof"].Items(PathMax, static hash => Convert.FromHexString(hash.Hash())).SelectMany(static hash => hash).ToArray();
        Checkpoint = Encoding.UTF8.GetBytes(json["checkpoint"].Text(LengthMax));
    }

    public ReadOnlyMemory<byte> CertificateCanonical { get; }

    public DecisionCertificate Certificate { get; }

    public AlphaDocument? Alpha { get; }

    public Gamma? Gamma { get; }

    public string? GammaHash { get; }

    public AdmissibilitySettings? Settings { get; }

    public string? SettingsHash { get; }

    public bool Erased { get; }

    public ImmutableArray<BundlePolicy>? Policies { get; }

    public ImmutableArray<BundleGrant>? Grants { get; }

    public ImmutableArray<BundleRevocation>? Revocations { get; }

    public ImmutableArray<SignedVote> Votes { get; }

    /// <summary>The entry's bytes.</summary>
    public ReadOnlyMemory<byte> Entry { get; }

    public long EntryIndex { get; }

    /// <summary>The hashes of the inclusion proof, one after the other.</summary>
    public ReadOnlyMemory<byte> EntryPath { get; }

    /// <summary>The note's bytes.</summary>
    public ReadOnlyMemory<byte> Checkpoint { get; }

    /// <summary>Whether there is any part of what a decision is re-executed from.</summary>
    public bool HasEvidence => Alpha is not null || Gamma is not null || Settings is not null || Policies is not null || Grants is not null || Revocations is not null;

    /// <exception cref="FormatException">A member is not as the format says.</exception>
    public static ProofBundle Read(StrictElement json) => new(json);

    private static BundlePolicy ReadPolicy(StrictElement json)
    {
        json.Members(["id", "kind", "json"]);
        return new BundlePolicy(
            json["id"].Text(), json["kind"].Word(["policy", "template"]) == "template", Encoding.UTF8.GetBytes(json["json"].Text(LengthMax)));
    }

    private static BundleGrant ReadGrant(StrictElement json)
    {
        if (!json.Has("grant"))
        {
            json.Members(["grant_id", "absent"]);
            return new BundleGrant(json["grant_id"].Text(), null, null, ReadNeighbours(json["absent"], ReadGrantFact));
        }

        json.Members(["grant", "proof"]);
        var bytes = ReadGrantFact(json["grant"]);
        var grant = SignedGrant.Parse(bytes.Span);
        return new BundleGrant(grant.Grant.Id, grant, new ProvenFact(bytes, ReadProof(json["proof"])), []);
    }

    private static BundleRevocation ReadRevocation(StrictElement json)
    {
        json.Members(["grant_id"], ["present", "absent"]);
        var id = json["grant_id"].Text();
        if (!GrantRules.IsId(id) || json.Has("present") == json.Has("absent"))
        {
            throw json.Error("names a grant, and is either present or absent");
        }

        return json.Has("present")
            ? new BundleRevocation(id, ReadFact(json["present"], ReadRevocationFact), [])
            : new BundleRevocation(id, null, ReadNeighbours(json["absent"], ReadRevocationFact));
    }

    private static ImmutableArray<ProvenFact> ReadNeighbours(StrictElement json, Func<StrictElement, ReadOnlyMemory<byte>> read)
        => json.Items(2, fact => ReadFact(fact, read));

    private static ProvenFact ReadFact(StrictElement json, Func<StrictElement, ReadOnlyMemory<byte>> read)
    {
        json.Members(["fact", "proof"]);
        return new ProvenFact(read(json["fact"]), ReadProof(json["proof"]));
    }

    private static ReadOnlyMemory<byte> ReadGrantFact(StrictElement json)
        => SignedGrant.TryParse(json.Canonical, out var grant) ? grant.Canonical : throw json.Error("is no signed grant");

    private static ReadOnlyMemory<byte> ReadRevocationFact(StrictElement json)
        => GrantRevocation.TryParse(json.Canonical, out _) ? json.Canonical.ToArray() : throw json.Error("is no revocation");

    private static FactProof ReadProof(StrictElement json)
    {
        json.Members(["index", "path"]);
        return new FactProof(json["index"].Count(), json["path"].Items(PathMax, static hash => hash.Hash()));
    }
}
