using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>Makes decisions of every kind with the kernel's own code. The same seed gives the same ones.</summary>
internal sealed class ScenarioSource(Random random, AgreementKeys keys)
{
    /// <summary>What there is; each in turn.</summary>
    public static readonly ImmutableArray<string> Kinds =
    [
        "allow", "deny by forbid", "deny without permit", "perhaps", "errors in permits", "errors in forbids", "obligations met", "obligations unmet", "many permits",
        "targets", "other spelling", "delegated", "delegation denied", "shadow", "response", "counterfactual", "unauthenticated", "no content digest", "quorum met",
        "quorum unmet", "honey token", "not evaluated", "erased",
    ];

    private int _next;

    /// <summary>The next decision.</summary>
    public Scenario Next()
    {
        var kind = Kinds[_next++ % Kinds.Length];
        return kind is "honey token" or "not evaluated" ? Unevaluated(kind) : Evaluated(kind);
    }

    private string Uuid() => $"{World.Hex(random, 4)}-{World.Hex(random, 2)}-7{World.Hex(random, 2)[1..]}-{"89ab"[random.Next(4)]}{World.Hex(random, 2)[1..]}-{World.Hex(random, 6)}";

    private Scenario Unevaluated(string kind)
    {
        var response = random.Next(3) == 0;
        var decision = kind == "honey token" || random.Next(2) == 0 ? DecisionKind.Deny : response ? DecisionKind.Allow : DecisionKind.Hold;
        var content = new CertificateContent
        {
            DecisionId = Uuid(),
            CallId = Uuid(),
            Tenant = AgreementKeys.Tenant,
            RequestDecisionId = response ? Uuid() : null,
            Stage = response ? CertificateStage.Response : CertificateStage.Request,
            Decision = decision,
            Code = decision == DecisionKind.Allow ? null : "injection.high",
            HoneyToken = kind == "honey token" ? "honey_7" : null,
            ContentDigest = random.Next(2) == 0 ? World.Hex(random, 32) : null,
            Nonce = World.Hex(random, 16),
            Verdicts = Verdicts(),
            Durability = random.Next(2) == 0 ? "commit" : "write",
            CreatedAt = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero).AddMilliseconds(random.Next()),
            Validity = TimeSpan.FromMinutes(5),
        };
        return Scene(kind, content, new JsonObject());
    }

    private Scenario Evaluated(string kind)
    {
        var world = new World(random);
        var delegated = kind is "delegated" or "delegation denied" || (kind is "perhaps" or "shadow" or "targets" && random.Next(2) == 0);
        var grants = delegated ? new GrantWorld(random, world, keys, kind == "delegation denied" ? GrantWorld.Faults[random.Next(GrantWorld.Faults.Length)] : null) : null;
        var facts = grants?.Facts ?? GrantSnapshot.Empty;
        var policies = Policies(kind);
        var settings = Settings(kind, world);
        var alpha = AlphaOf(kind, world, grants, facts);
        var alphaHash = AlphaJson.Hash(AlphaJson.Write(alpha));
        var knowledge = new Knowledge { Policies = Authorizer.Create(policies), PolicySetHash = PolicyHash.Of(policies), Settings = settings, Grants = facts };
        var gamma = new Gamma(AgreementKeys.Tenant, knowledge.PolicySetHash, SettingsJson.Hash(settings), facts.GrantsRoot, facts.GrantsSize, facts.RevocationsRoot, facts.RevocationsSize);
        var decisionId = Uuid();
        var votes = kind.StartsWith("quorum", StringComparison.Ordinal) ? Votes(decisionId, alphaHash, GammaJson.Hash(gamma), world, kind == "quorum met" ? 2 : random.Next(2)) : [];
        var proof = Theorem.Evaluate(alpha, knowledge, votes.Count(static vote => vote.Vote.IsYes));
        var mode = kind == "shadow" ? CertificateMode.Shadow : kind == "counterfactual" ? CertificateMode.Counterfactual : CertificateMode.Enforced;
        var isResumed = random.Next(10) == 0;
        var isAllowed = (proof.Holds && alpha.ContentDigest is not null) || mode == CertificateMode.Shadow;
        var onlyWaits = !proof.Holds && proof.Predicates.All(static finding => finding.Value == PredicateValue.Holds || finding.Predicate == Predicate.ObligationsMet);
        var decision = isAllowed ? DecisionKind.Allow : onlyWaits && random.Next(2) == 0 ? DecisionKind.Hold : DecisionKind.Deny;
        var content = new CertificateContent
        {
            DecisionId = decisionId,
            CallId = alpha.CallId,
            Tenant = AgreementKeys.Tenant,
            RequestDecisionId = kind == "response" || isResumed ? Uuid() : null,
            Stage = kind == "response" ? CertificateStage.Response : CertificateStage.Request,
            Mode = mode,
            Decision = decision,
            Code = decision == DecisionKind.Allow ? null : "policy.denied",
            Proof = proof,
            Alpha = alpha,
            AlphaHash = alphaHash,
            GammaHash = GammaJson.Hash(gamma),
            PolicySetHash = knowledge.PolicySetHash,
            ContentDigest = alpha.ContentDigest,
            Nonce = alpha.Nonce,
            Verdicts = Verdicts(),
            Durability = random.Next(2) == 0 ? "commit" : "write",
            CreatedAt = world.At.AddMilliseconds(random.Next(2_000)),
            Validity = settings.Validity,
        };
        return Scene(kind, content, Evidence(kind, alpha, gamma, settings, policies, grants, facts, votes));
    }

    private static Scenario Scene(string kind, CertificateContent content, JsonObject evidence)
    {
        var body = (JsonObject)JsonNode.Parse(CertificateBody.Write(content).Body.Span)!;
        var entry = content.Mode == CertificateMode.Counterfactual ? EntryKind.Evaluation
            : content.Stage == CertificateStage.Response ? EntryKind.Outcome
            : content.Decision switch { DecisionKind.Allow => EntryKind.Intent, DecisionKind.Hold => EntryKind.Held, _ => EntryKind.Denied };
        return new Scenario(kind, content, body, evidence, entry);
    }

    private PolicySet Policies(string kind)
    {
        var texts = new List<string>();
        if (kind is not "deny without permit" and not "errors in permits")
        {
            texts.Add(PolicyPool.Always(random, PolicyEffect.Permit, kind is "obligations met" or "obligations unmet" ? Obligation(kind) : ""));
        }

        if (kind.StartsWith("quorum", StringComparison.Ordinal))
        {
            texts.Add(PolicyPool.Always(random, PolicyEffect.Permit, "@obligation(\"quorum_required\") "));
        }

        if (kind is "errors in permits" || (kind is "perhaps" && random.Next(3) == 0))
        {
            texts.Add(PolicyPool.Failing(random, PolicyEffect.Permit));
            texts.Add(PolicyPool.Failing(random, PolicyEffect.Permit));
        }

        if (kind is "errors in forbids")
        {
            texts.Add(PolicyPool.Failing(random, PolicyEffect.Forbid));
            texts.Add(PolicyPool.Failing(random, PolicyEffect.Forbid));
        }

        if (kind is "deny by forbid" || (kind is "errors in forbids" && random.Next(3) == 0))
        {
            texts.Add(PolicyPool.Always(random, PolicyEffect.Forbid));
            texts.Add(PolicyPool.Failing(random, PolicyEffect.Forbid));
        }

        for (var i = kind is "many permits" ? 15 + random.Next(10) : random.Next(3); i > 0; i--)
        {
            texts.Add(kind is "many permits" ? PolicyPool.Always(random, PolicyEffect.Permit, random.Next(2) == 0 ? "@obligation(\"mfa_required\") @id(\"x\") " : "") : PolicyPool.Never(random, PolicyEffect.Permit));
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            texts.Add(PolicyPool.Never(random, PolicyEffect.Forbid));
        }

        for (var i = kind is "perhaps" or "shadow" or "counterfactual" or "response" ? 1 + random.Next(4) : 0; i > 0; i--)
        {
            texts.Add(PolicyPool.Perhaps(random, random.Next(3) == 0 ? PolicyEffect.Forbid : PolicyEffect.Permit, random.Next(4) == 0 ? "@obligation(\"mfa_required\") " : ""));
        }

        if (random.Next(4) == 0)
        {
            texts.Add(PolicyPool.Template(random));
        }

        var order = texts.Select(text => (Text: text, Place: random.Next())).OrderBy(static pair => pair.Place).Select(static pair => pair.Text);
        return PolicySet.Parse(string.Join('\n', order));
    }

    private string Obligation(string kind)
    {
        string[] words = kind is "obligations met"
            ? ["mfa_required", "approval_required", " mfa_required ,approval_required,", "preview_confirm_required", ""]
            : ["mfa_required", "approval_required", "mfa_required, approval_required", "two_keys", "MFA_required,mfa_required"];
        return $"@obligation(\"{words[random.Next(words.Length)]}\") ";
    }

    private AdmissibilitySettings Settings(string kind, World world)
    {
        var obligations = ImmutableArray<SettingObligation>.Empty;
        if (kind is "obligations met" or "obligations unmet" && random.Next(2) == 0)
        {
            obligations = random.Next(2) == 0 ? [new("*", "mfa_required"), new(world.Action, "approval_required")] : [new("neverAsked", "approval_required"), new(world.Action, "mfa_required")];
            obligations = [.. obligations.OrderBy(static each => each.Action, StringComparer.Ordinal)];
        }

        return new AdmissibilitySettings
        {
            Validity = TimeSpan.FromSeconds(1 + random.Next(600)),
            AttestationLifetime = TimeSpan.FromMinutes(15),
            Obligations = obligations,
            Quorum = kind.StartsWith("quorum", StringComparison.Ordinal) || random.Next(6) == 0
                ? new VoteQuorum(2, [.. keys.Nodes.Select(static (key, i) => new VoteNode($"node_{i}", key.Id))])
                : null,
        };
    }

    private Alpha AlphaOf(string kind, World world, GrantWorld? grants, GrantSnapshot facts)
    {
        var chain = grants is null ? [] : GrantChain.Follow(grants.Leaf, facts).Chain;
        var principal = chain.IsEmpty ? world.Principal : chain[^1].Principal;
        var asked = new List<PolicyQuestion> { world.Ask(principal, QuestionDemand.Permit, random) };
        if (kind is "targets")
        {
            asked.Add(world.AskBeside(principal, "read", "/data/in.txt", random));
            asked.Add(world.AskBeside(principal, "write", "/data/öut/../x", random));
        }

        if (kind is "other spelling" or "perhaps")
        {
            asked.Add(asked[0] with { Demand = QuestionDemand.NoForbid, Entities = world.Ask(principal, QuestionDemand.NoForbid, random).Entities });
        }

        var others = chain.SelectMany(static grant => new[] { grant.Delegate, grant.Principal }).Append(world.Principal).Distinct(StringComparer.Ordinal).Where(name => name != principal).ToArray();
        foreach (var question in asked.Where(static question => question.Demand == QuestionDemand.Permit).ToArray())
        {
            foreach (var other in grants is null ? [] : others)
            {
                var asOther = world.Ask(other, QuestionDemand.NoForbid, random);
                asked.Add(question with { Demand = QuestionDemand.NoForbid, Principal = asOther.Principal, Entities = asOther.Entities });
            }
        }

        var isKnown = kind is not "unauthenticated";
        return new Alpha
        {
            CallId = Uuid(),
            Tenant = AgreementKeys.Tenant,
            Door = world.Door,
            Principal = world.Principal,
            Action = world.Action,
            Resource = world.Resource,
            At = world.At,
            Authentication = isKnown ? new Authentication(random.Next(3) == 0 ? AuthenticationMethod.Process : AuthenticationMethod.Key, world.Principal, AgreementKeys.Tenant, random.Next(2) == 0 ? "key_1" : null)
                : random.Next(2) == 0 ? new Authentication(AuthenticationMethod.None, "", "") : new Authentication(AuthenticationMethod.Key, "p_else", AgreementKeys.Tenant),
            DelegationRef = grants?.Leaf,
            Attestations = Attestations(kind, world),
            ContentDigest = kind is "no content digest" ? null : World.Hex(random, 32),
            Nonce = World.Hex(random, 16),
            Salt = World.Hex(random, 32),
            Questions = [.. asked],
        };
    }

    private static ImmutableArray<Attestation> Attestations(string kind, World world) => kind switch
    {
        "obligations met" or "many permits" or "shadow" =>
        [
            new("approval_required", world.At.AddMinutes(-15), "p_boss"), new("mfa_required", world.At, world.Principal), new("preview_confirm_required", world.At.AddSeconds(-1), world.Principal),
        ],
        "obligations unmet" =>
        [
            new("approval_required", world.At.AddMinutes(-15).AddMilliseconds(-1), "p_boss"), new("mfa_required", world.At.AddMilliseconds(1), world.Principal),
        ],
        _ => [],
    };

    private ImmutableArray<VerdictRecord> Verdicts() => random.Next(3) == 0 ? [] :
    [
        new("identity", "allow", null, false, false, [], TimeSpan.FromMicroseconds(random.Next(1000))),
        new("guardrails", "transform", "pii.masked", random.Next(2) == 0, random.Next(2) == 0, [new Finding("email", "/messages/0/content", 2, "a note"), new Finding("ssn")], TimeSpan.FromMicroseconds(7)),
    ];

    private List<SignedVote> Votes(string decisionId, string alphaHash, string gammaHash, World world, int yes)
        => [.. keys.Nodes.Select((key, i) => SignedVote.Sign(
            new Vote
            {
                NodeId = $"node_{i}",
                DecisionId = decisionId,
                AlphaHash = alphaHash,
                GammaHash = gammaHash,
                TheoremHash = Theorem.Hash,
                IsYes = i < yes,
                Reason = i < yes ? VoteReasons.Holds : VoteReasons.PoliciesNotTrusted,
                At = world.At,
                Nonce = World.Hex(random, 16),
            },
            key))];

    private static JsonObject Evidence(
        string kind, Alpha alpha, Gamma gamma, AdmissibilitySettings settings, PolicySet policies, GrantWorld? grants, GrantSnapshot facts, List<SignedVote> votes)
    {
        var evidence = new JsonObject
        {
            ["gamma"] = JsonNode.Parse(GammaJson.Write(gamma)),
            ["settings"] = JsonNode.Parse(SettingsJson.Write(settings)),
            ["policies"] = new JsonArray([.. policies.Policies.Concat(policies.Templates).OrderBy(static policy => policy.Id, StringComparer.Ordinal).Select(static policy => (JsonNode)new JsonObject
            {
                ["id"] = policy.Id,
                ["kind"] = policy.IsTemplate ? "template" : "policy",
                ["json"] = Encoding.UTF8.GetString(PolicyJson.Write(policy)),
            })]),
        };
        if (kind is "erased")
        {
            evidence["erased"] = true;
        }
        else
        {
            evidence["alpha"] = JsonNode.Parse(AlphaJson.Write(alpha));
        }

        if (grants is not null && kind is not "erased")
        {
            var found = GrantChain.Follow(grants.Leaf, facts);
            var chain = new JsonArray([.. found.Chain.Select(grant => Fact("grant", facts.GrantsTree.Present(grant.Id)!))]);
            if (found.Reason is ChainReasons.GrantMissing or ChainReasons.ParentMissing)
            {
                var missing = found.Chain.IsEmpty ? grants.Leaf : found.Chain[^1].ParentId!;
                chain.Add(new JsonObject { ["grant_id"] = missing, ["absent"] = Neighbours(facts.GrantsTree, missing) });
            }

            evidence["grants"] = chain;
            evidence["revocations"] = new JsonArray([.. found.Chain.Select(grant => (JsonNode)(facts.RevocationsTree.Present(grant.Id) is { } shown
                ? new JsonObject { ["grant_id"] = grant.Id, ["present"] = Fact("fact", shown) }
                : new JsonObject { ["grant_id"] = grant.Id, ["absent"] = Neighbours(facts.RevocationsTree, grant.Id) }))]);
        }

        if (votes.Count > 0)
        {
            evidence["votes"] = new JsonArray([.. votes.Select(static vote => JsonNode.Parse(vote.ToCanonicalJson()))]);
        }

        return evidence;
    }

    private static JsonArray Neighbours(FactTree tree, string id) => new([.. tree.Absent(id)!.Value.Select(static shown => Fact("fact", shown))]);

    private static JsonObject Fact(string name, ProvenFact shown) => new()
    {
        [name] = JsonNode.Parse(shown.Fact.Span),
        ["proof"] = new JsonObject { ["index"] = shown.Proof.Index, ["path"] = new JsonArray([.. shown.Proof.Path.Select(static hash => (JsonNode)hash)]) },
    };
}
