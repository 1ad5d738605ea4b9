using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>
/// What a safety node is asked: the parts of a bundle that the theorem is evaluated from (docs/safety-nodes.md). Immutable. That it can
/// be read does not make it true: <see cref="Fault"/> says whether its parts fit together.
/// </summary>
public sealed class VoteRequest
{
    /// <summary>The most bytes a request has: as many as a bundle.</summary>
    public const int LengthMax = 16 * 1024 * 1024;

    private const int PoliciesMax = 65_536;

    private readonly AlphaDocument _stated;
    private readonly PolicySet _policies;
    private readonly VoteFacts? _facts;

    private VoteRequest(StrictElement json)
    {
        json.Members(["version", "decision_id", "alpha", "gamma", "settings", "policies"], ["grants", "revocations"]);
        json["version"].Version();
        _stated = AlphaDocument.Read(json["alpha"]);
        Alpha = _stated.ToAlpha();
        Gamma = GammaJson.Parse(json["gamma"].Canonical);
        Settings = SettingsJson.Parse(json["settings"].Canonical);
        Question = new VoteQuestion(json["decision_id"].Uuid7(), CanonicalHash.Of(json["alpha"].Canonical), CanonicalHash.Of(json["gamma"].Canonical));
        SettingsHash = CanonicalHash.Of(json["settings"].Canonical);
        _policies = ReadPolicies(json["policies"]);
        if (!VerifierLimits.Hold(json["alpha"].Canonical.Length, _stated.Asked.Length, _policies))
        {
            throw json.Error("asks for more work than anybody does for one decision");
        }

        PolicySetHash = PolicyHash.Of(_policies);
        _facts = json.Has("grants") && json.Has("revocations") ? VoteFacts.Read(json["grants"], json["revocations"]) : null;
    }

    /// <summary>The decision, by the hashes of what was read.</summary>
    public VoteQuestion Question { get; }

    /// <summary>The request.</summary>
    public Alpha Alpha { get; }

    /// <summary>What is said to be in force.</summary>
    public Gamma Gamma { get; }

    /// <summary>The settings.</summary>
    public AdmissibilitySettings Settings { get; }

    /// <summary>The hash of the settings that were read.</summary>
    public string SettingsHash { get; }

    /// <summary>The hash of the policies that were read.</summary>
    public string PolicySetHash { get; }

    /// <summary>Reads a request.</summary>
    /// <param name="utf8Json">JSON, at most <see cref="LengthMax"/> bytes.</param>
    /// <exception cref="FormatException">It is none; the message names the member and never repeats content.</exception>
    public static VoteRequest Parse(ReadOnlySpan<byte> utf8Json)
    {
        if (utf8Json.Length > LengthMax)
        {
            throw new FormatException($"A request for a vote has at most {LengthMax} bytes.");
        }

        using var document = StrictJson.Parse(utf8Json);
        return new VoteRequest(document.Root("request"));
    }

    /// <summary>The request that the nodes were sent for a decision, from its bundle. Whether the bundle is valid is not asked here.</summary>
    /// <param name="utf8Json">The bundle.</param>
    /// <exception cref="FormatException">It has not the parts the theorem is evaluated from: nothing was, or α was erased.</exception>
    public static VoteRequest FromBundle(byte[] utf8Json)
    {
        ArgumentNullException.ThrowIfNull(utf8Json);
        using var document = StrictJson.Parse(utf8Json);
        var bundle = document.Root("bundle");
        bundle.Require(JsonValueKind.Object, "an object");
        foreach (var part in (ReadOnlySpan<string>)["certificate", "alpha", "gamma", "settings", "policies"])
        {
            if (!bundle.Has(part))
            {
                throw bundle.Error($"has no '{part}': nothing was evaluated, or what it was evaluated from is erased");
            }
        }

        bundle["certificate"].Require(JsonValueKind.Object, "an object");
        if (!bundle["certificate"].Has("decision_id"))
        {
            throw bundle["certificate"].Error("has no 'decision_id'");
        }

        var chain = bundle.Has("grants") ? utf8Json : null;
        return Parse(Write(
            bundle["certificate"]["decision_id"].Uuid7(), bundle["alpha"].Canonical, bundle["gamma"].Canonical, bundle["settings"].Canonical, bundle["policies"].Canonical,
            chain));
    }

    /// <summary>Writes a request from canonical parts.</summary>
    /// <param name="decisionId">The decision.</param>
    /// <param name="alpha">α.</param>
    /// <param name="gamma">Γ.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="policies">The bundle's <c>policies</c>.</param>
    /// <param name="chain">An object with the bundle's <c>grants</c> and <c>revocations</c>, or empty without a delegation.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] Write(
        string decisionId, ReadOnlySpan<byte> alpha, ReadOnlySpan<byte> gamma, ReadOnlySpan<byte> settings, ReadOnlySpan<byte> policies, ReadOnlySpan<byte> chain)
    {
        using var facts = chain.IsEmpty ? null : StrictJson.Parse(chain);
        var output = new CanonicalBuffer(alpha.Length + policies.Length + 1024);
        var json = new CanonicalWriter(output);
        json.BeginObject();
        Raw(ref json, "\"alpha\":"u8, alpha);
        json.Name("\"decision_id\":"u8);
        json.Text(decisionId);
        Raw(ref json, "\"gamma\":"u8, gamma);
        Part(ref json, "\"grants\":"u8, facts, "grants");
        Raw(ref json, "\"policies\":"u8, policies);
        Part(ref json, "\"revocations\":"u8, facts, "revocations");
        Raw(ref json, "\"settings\":"u8, settings);
        json.Name("\"version\":"u8);
        json.Number(1);
        json.EndObject();
        return output.Written.ToArray();
    }

    /// <summary>What evidence is stored with a decision that was voted on: the facts of its chain, if any, and the votes.</summary>
    /// <param name="chain">An object with <c>grants</c> and <c>revocations</c>, or empty.</param>
    /// <param name="votes">The votes.</param>
    /// <returns>Canonical JSON.</returns>
    public static byte[] WithVotes(ReadOnlyMemory<byte> chain, ImmutableArray<SignedVote> votes)
    {
        using var facts = chain.IsEmpty ? null : StrictJson.Parse(chain.Span);
        var output = new CanonicalBuffer(chain.Length + (votes.Length * SignedVote.LengthMax));
        var json = new CanonicalWriter(output);
        json.BeginObject();
        Part(ref json, "\"grants\":"u8, facts, "grants");
        Part(ref json, "\"revocations\":"u8, facts, "revocations");
        json.Name("\"votes\":"u8);
        json.BeginArray();
        foreach (var vote in votes)
        {
            json.Raw(vote.ToCanonicalJson());
        }

        json.EndArray();
        json.EndObject();
        return output.Written.ToArray();
    }

    /// <summary>Whether the parts fail to fit together: then nothing that follows from them means anything.</summary>
    /// <param name="grantKeys">The keys that sign grants, by id.</param>
    /// <returns>What does not fit, for people, or <see langword="null"/>.</returns>
    public string? Fault(Func<string, VerificationKey?> grantKeys)
    {
        ArgumentNullException.ThrowIfNull(grantKeys);
        return Gamma.Tenant != Alpha.Tenant ? "gamma is of another tenant than alpha"
            : Gamma.SettingsHash != SettingsHash ? "the settings are not gamma's"
            : Gamma.PolicySetHash != PolicySetHash ? "the policies are not gamma's"
            : Alpha.ContentDigest is null ? "alpha is bound to no content"
            : (Alpha.DelegationRef is null) != (_facts is null) ? "the grants are not those that alpha names"
            : _facts?.Fault(Alpha.DelegationRef!, Gamma, grantKeys) is { } chain ? chain
            : EvidenceChecks.AreAboutAlpha(_stated, Facts) ? null
            : "the questions are not about this principal, action and resource";
    }

    /// <summary>What the theorem is evaluated with. Only where there is no <see cref="Fault"/>.</summary>
    public Knowledge Knowledge() => new()
    {
        Policies = Authorizer.Create(_policies),
        PolicySetHash = PolicySetHash,
        Settings = Settings,
        Grants = Facts,
    };

    private VoteFacts Facts => (_facts ?? new VoteFacts()).With(Gamma);

    private static PolicySet ReadPolicies(StrictElement json)
    {
        try
        {
            var policies = json.Sorted(PoliciesMax, ReadPolicy, static policy => (policy.Id, ""));
            return PolicySet.Empty.AddRange(policies);
        }
        catch (Exception exception) when (exception is CedarException or ArgumentException)
        {
            throw json.Error("holds a policy that Cedar cannot read");
        }
    }

    private static Policy ReadPolicy(StrictElement json)
    {
        json.Members(["id", "kind", "json"]);
        var isTemplate = json["kind"].Word(["policy", "template"]) == "template";
        var policy = PolicyJson.Parse(json["id"].Text(), System.Text.Encoding.UTF8.GetBytes(json["json"].Text()));
        return policy.IsTemplate == isTemplate ? policy : throw json.Error("is of another kind than it says");
    }

    private static void Raw(ref CanonicalWriter json, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> canonical)
    {
        json.Name(name);
        json.Raw(canonical);
    }

    private static void Part(ref CanonicalWriter json, scoped ReadOnlySpan<byte> name, StrictJson? facts, string member)
    {
        if (facts?.Root("facts") is { } root && root.Has(member))
        {
            root[member].Require(JsonValueKind.Array, "an array");
            Raw(ref json, name, root[member].Canonical);
        }
    }
}
