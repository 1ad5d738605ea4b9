using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>Reads what a certificate states. Whether its parts fit together is judged later, by <see cref="DecisionRules"/>.</summary>
internal static class CertificateReader
{
    private const int VerdictsMax = 1_024;
    private const int FindingsMax = 65_536;
    private const int PathMax = 17;
    private const int SignatureLength = 64;

    private static readonly string[] Required =
    [
        "version", "decision_id", "call_id", "tenant", "stage", "mode", "decision", "result", "proof_type", "proof_payload", "theorem_hash", "nonce",
        "verdicts", "durability", "solver_version", "created_at", "not_after", "signature", "key_id", "log",
    ];

    private static readonly string[] Optional = ["request_decision_id", "code", "alpha_hash", "gamma_hash", "policy_set_hash", "content_digest"];

    private static readonly string[] BodyOrder = [.. Required.Concat(Optional).Except(["signature", "key_id", "log"]).Order(StringComparer.Ordinal)];

    public static DecisionCertificate Read(StrictElement json)
    {
        json.Members(Required, Optional);
        json["version"].Version();
        _ = json["solver_version"].Word([CertificateBody.SolverVersion]);
        var body = BodyOf(json);
        if (json.Has("alpha_hash") != json.Has("gamma_hash") || json.Has("alpha_hash") != json.Has("policy_set_hash"))
        {
            throw json.Error("has some of alpha_hash, gamma_hash and policy_set_hash, which are there together");
        }

        var type = json["proof_type"].Word<ProofType>(CertificateWords.Of);
        return ReadPayload(json["proof_payload"], type, new DecisionCertificate
        {
            DecisionId = json["decision_id"].Uuid7(),
            CallId = json["call_id"].Text(),
            Tenant = json["tenant"].Text(),
            RequestDecisionId = json.Has("request_decision_id") ? json["request_decision_id"].Uuid7() : null,
            Stage = json["stage"].Word<CertificateStage>(CertificateWords.Of),
            Mode = json["mode"].Word<CertificateMode>(CertificateWords.Of),
            Decision = json["decision"].Word<DecisionKind>(static kind => LogEntryWords.Of((DecisionKind?)kind)!),
            Code = json.OptionalText("code"),
            Result = json["result"].Word<AdmissibilityResult>(AdmissibilityWords.Of),
            ProofType = type,
            Predicates = [],
            TheoremHash = json["theorem_hash"].Hash(),
            AlphaHash = json.OptionalHash("alpha_hash"),
            GammaHash = json.OptionalHash("gamma_hash"),
            PolicySetHash = json.OptionalHash("policy_set_hash"),
            ContentDigest = json.OptionalHash("content_digest"),
            Nonce = json["nonce"].Hex(32),
            Verdicts = json["verdicts"].Items(VerdictsMax, ReadVerdict),
            Durability = json["durability"].Word(["commit", "write"]),
            CreatedAt = json["created_at"].Time(),
            NotAfter = json["not_after"].Time(),
            Seal = ReadSeal(json),
            Body = body,
            Hash = CanonicalHash.Of(body),
        });
    }

    private static byte[] BodyOf(StrictElement json)
    {
        var output = new CanonicalBuffer(json.Canonical.Length);
        var writer = new CanonicalWriter(output);
        writer.BeginObject();
        foreach (var name in BodyOrder)
        {
            if (json.Has(name))
            {
                writer.Name(name.AsSpan());
                writer.Raw(json[name].Canonical);
            }
        }

        writer.EndObject();
        return output.Written.ToArray();
    }

    private static DecisionCertificate ReadPayload(StrictElement json, ProofType type, DecisionCertificate certificate)
    {
        json.Members(
            type == ProofType.UnsatCore ? ["predicates", "unsat_core"] : type == ProofType.Counterexample ? ["predicates", "counterexample"] : ["predicates"],
            ["failed_predicates"]);
        var predicates = json["predicates"].Items(6, ReadPredicate);
        if (predicates.Length != 6 || !predicates.Select(static finding => (int)finding.Predicate).SequenceEqual(Enumerable.Range(0, 6)))
        {
            throw json["predicates"].Error("does not hold the six predicates in their order");
        }

        certificate = certificate with
        {
            Predicates = predicates,
            Payload = json.Canonical.ToArray(),
            FailedPredicates = json.Has("failed_predicates") ? ReadNames(json["failed_predicates"]) : [],
            UnsatCore = type == ProofType.UnsatCore ? ReadNames(json["unsat_core"]) : null,
        };
        return type == ProofType.Counterexample ? ReadCounterexample(json["counterexample"], certificate) : certificate;
    }

    private static PredicateFinding ReadPredicate(StrictElement json)
    {
        json.Members(["name", "value"], ["witness"]);
        var predicate = json["name"].Word<Predicate>(AdmissibilityWords.Of);
        var value = json["value"].Word<PredicateValue>(AdmissibilityWords.Of);
        if (json.Has("witness") == (value == PredicateValue.NotEvaluated))
        {
            throw json.Error("has a witness exactly where it was evaluated");
        }

        if (value == PredicateValue.NotEvaluated)
        {
            return new PredicateFinding(predicate, value, default);
        }

        WitnessShape.Check(predicate, json["witness"]);
        return new PredicateFinding(predicate, value, json["witness"].Canonical.ToArray());
    }

    private static ImmutableArray<Predicate> ReadNames(StrictElement json)
    {
        var names = json.Items(6, static name => name.Word<Predicate>(AdmissibilityWords.Of));
        return names.IsEmpty ? throw json.Error("is empty") : names;
    }

    private static DecisionCertificate ReadCounterexample(StrictElement json, DecisionCertificate certificate)
    {
        if (json.Has("honey_token"))
        {
            json.Members(["honey_token", "predicate"]);
            _ = json["predicate"].Word(["DECEPTION_TRIGGER"]);
            return certificate with { HoneyToken = json["honey_token"].Text() };
        }

        return certificate with { Matched = WitnessShape.ReadMatched(json) };
    }

    private static VerdictRecord ReadVerdict(StrictElement json)
    {
        json.Members(["guard", "answer", "elapsed_us"], ["code", "findings", "shadow", "failed_open"]);
        return new VerdictRecord(
            json["guard"].Text(),
            json["answer"].Text(),
            json.OptionalText("code"),
            json.Has("shadow") && json["shadow"].True(),
            json.Has("failed_open") && json["failed_open"].True(),
            json.Has("findings") ? json["findings"].Items(FindingsMax, ReadFinding) : [],
            TimeSpan.FromMicroseconds(json["elapsed_us"].Count()));
    }

    private static Finding ReadFinding(StrictElement json)
    {
        json.Members(["rule", "count"], ["address", "note"]);
        return new Finding(json["rule"].Text(), json.OptionalText("address"), (int)Math.Min(json["count"].Count(), int.MaxValue), json.OptionalText("note"));
    }

    private static CertificateSeal ReadSeal(StrictElement json)
    {
        var (signature, log) = (json["signature"], json["log"]);
        signature.Members(["alg", "key_id", "batch_size", "index", "path", "value"]);
        log.Members(["origin", "index"]);
        var size = signature["batch_size"].Count();
        if (size is < 1 or > CertificateBatch.SizeMax)
        {
            throw signature["batch_size"].Error($"is not from 1 to {CertificateBatch.SizeMax}");
        }

        // `key_id` stands twice; that both agree is a step of its own, so the one outside is what the seal holds.
        var keyId = signature["key_id"].Text();
        return new CertificateSeal(
            string.Equals(keyId, json["key_id"].Text(), StringComparison.Ordinal) ? keyId : "",
            signature["alg"].Word(["Ed25519", "ES256"]),
            (int)size,
            signature["index"].Index((int)size),
            signature["path"].Items(PathMax, static hash => (ReadOnlyMemory<byte>)Convert.FromHexString(hash.Hash())),
            signature["value"].Base64(SignatureLength),
            log["origin"].Text(),
            log["index"].Count());
    }
}
