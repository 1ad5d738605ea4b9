using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>
/// What a dishonest server can do that holds its own keys: change what is stated, hash it again, sign it again, log it. Only
/// re-execution, the window, or the proofs can notice.
/// </summary>
internal sealed class Forgeries
{
    private readonly Random _random;
    private readonly AgreementKeys _keys;
    private readonly ImmutableArray<(string Name, bool MayBeHarmless, Func<Scenario, Scenario?> Make)> _all;

    public Forgeries(Random random, AgreementKeys keys)
    {
        (_random, _keys) = (random, keys);
        _all =
        [
            ("admits what is not admissible", false, Admit),
            ("refuses what is admissible", false, Refuse),
            ("predicate turned", false, s => WithBody(s, body => Turn(Pick(Predicates(body).Skip(0).ToList())))),
            ("witness changed", false, s => Erased(s) ? null : WithBody(s, ChangeWitness)),
            ("result changed", false, s => WithBody(s, body => body["result"] = Other((string)body["result"]!, "ADMISSIBLE", "INADMISSIBLE", "NOT_EVALUATED"))),
            ("proof type changed", false, s => WithBody(s, body => body["proof_type"] = Other((string)body["proof_type"]!, "CONSTRUCTIVE_TRACE", "UNSAT_CORE", "COUNTEREXAMPLE", "NONE"))),
            ("theorem changed", false, s => WithBody(s, body => body["theorem_hash"] = World.Hex(_random, 32))),
            ("window longer", false, s => Evaluated(s) && s.Body["content_digest"] is not null ? WithBody(s, body => body["not_after"] = "2027-12-31T00:00:00.000Z") : null),
            ("window ends before it begins", false, s => WithBody(s, body => body["not_after"] = body["created_at"]!.DeepClone())),
            ("decided before it was asked", false, s => Evaluated(s) && s.Body["content_digest"] is not null ? WithBody(s, body => body["created_at"] = "2025-01-01T00:00:00.000Z") : null),
            ("decision changed", true, s => WithBody(s, body => body["decision"] = Other((string)body["decision"]!, "allow", "deny", "hold"))),
            ("stage changed", true, s => WithBody(s, body => body["stage"] = Other((string)body["stage"]!, "request", "response"))),
            ("mode changed", true, s => WithBody(s, body => body["mode"] = Other((string)body["mode"]!, "enforced", "shadow", "counterfactual"))),
            ("code removed or added", false, s => WithBody(s, ToggleCode)),
            ("nonce changed", false, s => Evaluated(s) ? WithBody(s, body => body["nonce"] = World.Hex(_random, 16)) : null),
            ("content digest changed", false, s => Evaluated(s) ? WithBody(s, body => body["content_digest"] = World.Hex(_random, 32)) : null),
            ("call changed", false, s => Evaluated(s) ? WithBody(s, body => body["call_id"] = "another call") : null),
            ("hash left out", false, s => Evaluated(s) || Erased(s) ? WithBody(s, body => body.Remove(Pick(["alpha_hash", "gamma_hash", "policy_set_hash"]))) : null),
            ("hash changed", false, s => Evaluated(s) ? WithBody(s, body => body[Pick(["alpha_hash", "gamma_hash", "policy_set_hash"])] = World.Hex(_random, 32)) : null),
            ("evidence taken away", false, s => Evaluated(s) ? With(s, e => e.Remove(Pick(["alpha", "gamma", "settings", "policies"]))) : null),
            ("evidence said to be erased", false, s => Evaluated(s) ? With(s, e => e["erased"] = true) : null),
            ("evidence for nothing", false, s => !Evaluated(s) && !Erased(s) ? With(s, e => e["policies"] = new JsonArray()) : null),
            ("another principal in alpha", false, s => WithAlpha(s, alpha => alpha["principal"] = "p_boss")),
            ("another action in alpha", false, s => WithAlpha(s, alpha => alpha["action"] = "embed")),
            ("another resource in alpha", false, s => WithAlpha(s, alpha => alpha["resource"]!["id"] = "harmless")),
            ("another moment in alpha", true, s => WithAlpha(s, alpha => alpha["at"] = "2026-12-30T00:00:00.000Z")),
            ("another tenant in alpha", false, s => WithAlpha(s, alpha => alpha["tenant"] = "other")),
            ("another method in alpha", false, s => WithAlpha(s, alpha => alpha["auth"]!["method"] = Other((string)alpha["auth"]!["method"]!, "key", "process", "none"))),
            ("another who in alpha", false, s => WithAlpha(s, alpha => alpha["auth"]!["principal"] = "p_else2")),
            ("attestation added", true, s => WithAlpha(s, Attest)),
            ("question dropped", false, s => Evaluated(s) && Questions(s).Count > 0 ? WithAlpha(s, alpha => ((JsonArray)alpha["questions"]!).RemoveAt(_random.Next(Questions(s).Count))) : null),
            ("question about somebody else", false, s => WithAlpha(s, alpha => alpha["questions"]![0]!["principal"]!["id"] = "p_harmless")),
            ("any question about somebody else", true, s => WithAlpha(s, alpha => Pick(alpha["questions"]!.AsArray())["principal"]!["id"] = "p_harmless")),
            ("question about something else", true, s => WithAlpha(s, alpha => Pick(alpha["questions"]!.AsArray())["resource"]!["id"] = "harmless")),
            ("question demands less", false, s => WithAlpha(s, alpha => alpha["questions"]![0]!["demand"] = "no_forbid")),
            ("question with other entities", true, s => WithAlpha(s, alpha => Pick(alpha["questions"]!.AsArray())["entities"] = _random.Next(3))),
            ("entity changed", true, s => WithAlpha(s, alpha => Pick(Pick(alpha["entities"]!.AsArray()).AsArray())["attrs"] = new JsonObject { ["id"] = "x" })),
            ("entity twice", false, s => WithAlpha(s, alpha => { var store = Pick(alpha["entities"]!.AsArray()).AsArray(); store.Add(Pick(store).DeepClone()); })),
            ("entities unsorted", false, s => WithAlpha(s, alpha => { var store = Pick(alpha["entities"]!.AsArray()).AsArray(); var first = store[0]!; store.RemoveAt(0); store.Add(first); })),
            ("entity of no type", false, s => WithAlpha(s, alpha => Pick(Pick(alpha["entities"]!.AsArray()).AsArray())["uid"]!["type"] = Pick(["a b", "", "if", "A::", "__cedar::X", "Ä"]))),
            ("context changed", true, s => WithAlpha(s, alpha => Pick(alpha["contexts"]!.AsArray())["hour"] = _random.Next(24))),
            ("context without sense", false, s => WithAlpha(s, alpha => Pick(alpha["contexts"]!.AsArray())["odd"] = JsonNode.Parse(Pick(
                ["""{"__extn":{"fn":"ip","arg":"1.2.3.400"}}""", """{"__entity":{"type":"a b","id":"x"}}""", """{"__expr":"1"}""", """{"__extn":{"fn":"nope","arg":"1"}}""", """{"__extn":{"fn":"decimal","arg":"1.00000"}}""", """{"__extn":{"fn":"datetime","arg":"2026-01-01T00:00:60Z"}}"""])))),
            ("context that looks like an escape", true, s => WithAlpha(s, alpha => Pick(alpha["contexts"]!.AsArray())["odd"] = JsonNode.Parse(Pick(
                ["""{"__extn":{"fn":"ip"}}""", """{"__entity":{"type":"A"}}""", """{"__entity":{"type":"A","id":"x"},"more":1}""", """{"__extn":{"fn":"ip","arg":"::1"},"a":[]}""", """{"__entity":"A"}""", """{"__expr":1}"""])))),
            ("policy dropped", true, s => WithPolicies(s, list => list.RemoveAt(_random.Next(list.Count)))),
            ("policy turned", true, s => WithPolicies(s, list => Rewrite(Pick(list), text => text.Contains("\"permit\"", StringComparison.Ordinal) ? text.Replace("\"permit\"", "\"forbid\"", StringComparison.Ordinal) : text.Replace("\"forbid\"", "\"permit\"", StringComparison.Ordinal)))),
            ("policy twice", false, s => WithPolicies(s, list => list.Insert(_random.Next(list.Count), Pick(list).DeepClone()))),
            ("policies unsorted", true, s => WithPolicies(s, list => { var first = list[0]!; list.RemoveAt(0); list.Add(first); })),
            ("policy laid out otherwise", true, s => WithPolicies(s, list => Rewrite(Pick(list), text => " " + text))),
            ("policy that is none", false, s => WithPolicies(s, list => Rewrite(Pick(list), text => Pick(
                [text[..^1], text.Replace("\"conditions\"", "\"condition\"", StringComparison.Ordinal), text.Replace("{\"effect\"", "{\"effect\":\"permit\",\"effect\"", StringComparison.Ordinal), "null", "{}", text.Replace("\"kind\"", "\"kinds\"", StringComparison.Ordinal), text.Replace("\"All\"", "\"Al\"", StringComparison.Ordinal) + " "])))),
            ("policy is said to be a template", false, s => WithPolicies(s, list => { var one = Pick(list); one["kind"] = Other((string)one["kind"]!, "policy", "template"); })),
            ("settings changed", true, s => WithSettings(s, ChangeSettings)),
            ("gamma changed", true, s => WithGamma(s, ChangeGamma)),
            ("grant dropped", false, s => WithList(s, "grants", list => list.RemoveAt(list.Count - 1))),
            ("grant signed by a stranger", false, s => WithList(s, "grants", list => Resign(Pick(list), _keys.Stranger, null))),
            ("grant changed and signed again", false, s => WithList(s, "grants", list => Resign(Pick(list), _keys.Grants[0], grant => grant["expires_at"] = "2027-12-31T00:00:00.000Z"))),
            ("grant wider than the format allows", false, s => WithList(s, "grants", list => Resign(Pick(list), _keys.Grants[0], grant => grant["actions"] = new JsonArray("*", "callTool")))),
            ("grants in another order", false, s => WithList(s, "grants", list => { if (list.Count > 1) { var first = list[0]!; list.RemoveAt(0); list.Add(first); } else { list.Clear(); } })),
            ("revocation dropped", false, s => WithList(s, "revocations", list => list.RemoveAt(_random.Next(list.Count)))),
            ("revocation said to be absent", false, s => WithList(s, "revocations", list => { var one = Pick(list).AsObject(); if (!one.Remove("present")) { one["present"] = new JsonObject { ["fact"] = new JsonObject { ["at"] = "2026-01-01T00:00:00.000Z", ["grant_id"] = (string)one["grant_id"]!, ["id"] = (string)one["grant_id"]!, ["reason"] = "x" }, ["proof"] = new JsonObject { ["index"] = 0, ["path"] = new JsonArray() } }; one.Remove("absent"); } else { one["absent"] = new JsonArray(); } })),
            ("delegation nobody has", false, s => WithAlpha(s, alpha => alpha["delegation_ref"] = "g_" + World.Hex(_random, 16))),
            ("vote dropped", true, s => WithList(s, "votes", list => list.RemoveAt(_random.Next(list.Count)))),
            ("vote twice", true, s => WithList(s, "votes", list => { list.Add(list[0]!.DeepClone()); list.RemoveAt(1); })),
            ("vote by a stranger", true, s => WithList(s, "votes", list => Vote(Pick(list), _keys.Stranger))),
            ("vote on something else", true, s => WithList(s, "votes", list => { var vote = Pick(list); vote["alpha_hash"] = World.Hex(_random, 32); Vote(vote, _keys.Nodes[((string)vote["node_id"]!)[^1] - '0']); })),
            ("vote turned without a new signature", true, s => WithList(s, "votes", list => { var vote = Pick(list); var yes = (string)vote["vote"]! == "yes"; vote["vote"] = yes ? "no" : "yes"; vote["reason"] = yes ? "not_a_node" : "holds"; })),
            ("batch signed by a stranger", false, s => s.Copy("") with { BatchKey = _keys.Stranger }),
            ("batch signed by the log", false, s => s.Copy("") with { BatchKey = _keys.Logs[0] }),
            ("place in the batch changed", false, s => s.Copy("") with { EditSeal = seal => seal with { BatchSize = seal.BatchSize + 1 + _random.Next(3) } }),
            ("algorithm changed", false, s => s.Copy("") with { EditSeal = static seal => seal with { Algorithm = seal.Algorithm == "ES256" ? "Ed25519" : "ES256" } }),
            ("key changed", false, s => s.Copy("") with { EditSeal = seal => seal with { KeyId = Pick([_keys.Certificates[0].Id, _keys.Certificates[1].Id, _keys.Stranger.Id, _keys.Grants[0].Id]) is var id && id == seal.KeyId ? _keys.Stranger.Id : id } }),
            ("signature cut", false, s => s.Copy("") with { EditSeal = static seal => seal with { Value = seal.Value[..63] } }),
            ("entry of another log", false, s => s.Copy("") with { EditSeal = static seal => seal with { Origin = seal.Origin == AgreementKeys.EdOrigin ? AgreementKeys.EcOrigin : AgreementKeys.EdOrigin } }),
            ("entry at another place", false, s => s.Copy("") with { EditSeal = static seal => seal with { LogIndex = seal.LogIndex + 1 } }),
            ("entry of another certificate", false, s => s.Copy("") with { EditEntry = e => e["certificate_hash"] = World.Hex(_random, 32) }),
            ("entry of another call", false, s => s.Copy("") with { EditEntry = e => e[Pick(["call_id", "decision_id", "tenant"])] = "another" }),
            ("entry of another decision", false, s => s.Copy("") with { EditEntry = static e => e["decision"] = (string?)e["decision"] == "allow" ? "deny" : "allow" }),
            ("entry with another number", false, s => s.Copy("") with { EditEntry = static e => e["seq"] = (long)e["seq"]! + 1 }),
            ("entry of version 1", false, s => s.Copy("") with { EditEntry = static e => e["version"] = 1 }),
            ("entry with a member nobody knows", false, s => s.Copy("") with { EditEntry = static e => e["approved_by"] = "everybody" }),
            ("entry with an empty list", false, s => s.Copy("") with { EditEntry = e => e[Pick(["targets", "unread", "budgets", "also_required"])] = new JsonArray() }),
            ("entry with an odd time", false, s => s.Copy("") with { EditEntry = e => e["at"] = Pick(["2026-01-01T00:00:00Z", "2026-01-01T00:00:00.000+00:00", "2026-01-01T00:00:60.000Z", "2026-02-30T00:00:00.000Z"]) }),
            ("entry of no kind", false, s => s.Copy("") with { EditEntry = e => e["kind"] = Pick(["Intent", "permitted", ""]) }),
            ("checkpoint of another tree", false, s => s.Copy("") with { EditCheckpoint = c => new Checkpoint(c.Origin, c.Size, SHA256.HashData([1])) }),
            ("checkpoint of a larger tree", false, s => s.Copy("") with { EditCheckpoint = c => new Checkpoint(c.Origin, (2 * c.Size) + 1, c.Root) }),
            ("checkpoint of another log", false, s => s.Copy("") with { EditCheckpoint = static c => new Checkpoint("log.other.example", c.Size, c.Root) }),
            ("checkpoint with an extension", true, s => s.Copy("") with { EditCheckpoint = static c => new Checkpoint(c.Origin, c.Size, c.Root, ["an extension"]) }),
            ("checkpoint signed by a stranger", false, s => s.Copy("") with { LogSigner = new NoteSigner(_keys.Stranger, NoteKey.ForLog(AgreementKeys.EdOrigin, _keys.Stranger.PublicKey)) }),
            ("log of another tenant", false, s => Relog(s, "log.acme.example/audit/other")),
            ("log of the server's bare name", false, s => Relog(s, "log.acme.example/audit")),
            ("log of the tenant spelt otherwise", false, s => Relog(s, AgreementKeys.EdOrigin.Replace("%28", "(", StringComparison.Ordinal))),
            ("checkpoint signed under the server's bare name", false, s => s.Copy("") with { LogSigner = new NoteSigner(_keys.Logs[0], NoteKey.ForLog("log.acme.example/audit", _keys.Logs[0].PublicKey)) }),
            ("checkpoint signed by the other log", false, s => s.Copy("") with { LogSigner = _keys.LogSigners[0], EditSeal = static seal => seal with { Origin = AgreementKeys.EcOrigin }, EditCheckpoint = static c => new Checkpoint(AgreementKeys.EcOrigin, c.Size, c.Root) }),
        ];
    }

    /// <summary>Makes the next forgery that fits a decision.</summary>
    /// <returns>The forged decision, and whether it may be a true one after all.</returns>
    public (Scenario Forged, bool MayBeHarmless) Next(int number, Scenario scenario)
    {
        for (var i = 0; i < _all.Length; i++)
        {
            var (name, harmless, make) = _all[(number + i) % _all.Length];
            if (make(scenario) is { } forged)
            {
                return (forged with { Kind = $"forged: {name}" }, harmless);
            }
        }

        throw new InvalidOperationException("No forgery fits.");
    }

    // ---- what the forgeries have in common ----

    private static bool Evaluated(Scenario scenario) => scenario.Evidence.ContainsKey("alpha");

    private static bool Erased(Scenario scenario) => scenario.Evidence.ContainsKey("erased");

    private static JsonArray Questions(Scenario scenario) => scenario.Evidence["alpha"]!["questions"]!.AsArray();

    private static List<JsonObject> Predicates(JsonObject body) => [.. body["proof_payload"]!["predicates"]!.AsArray().Select(static each => each!.AsObject())];

    private T Pick<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private JsonNode Pick(JsonArray items) => items[_random.Next(items.Count)]!;

    private string Other(string word, params string[] words) => Pick(words.Where(each => each != word).ToArray());

    private static Scenario With(Scenario scenario, Action<JsonObject> edit)
    {
        var copy = scenario.Copy("");
        edit(copy.Evidence);
        return copy;
    }

    private static Scenario WithBody(Scenario scenario, Action<JsonObject> edit)
    {
        var copy = scenario.Copy("");
        edit(copy.Body);
        return copy;
    }

    private static Scenario? WithAlpha(Scenario scenario, Action<JsonObject> edit)
        => !Evaluated(scenario) ? null : Rehashed(With(scenario, evidence => edit(evidence["alpha"]!.AsObject())));

    private static Scenario? WithPolicies(Scenario scenario, Action<JsonArray> edit)
        => scenario.Evidence["policies"] is not JsonArray { Count: > 0 } || Erased(scenario) ? null : Rehashed(With(scenario, evidence => edit(evidence["policies"]!.AsArray())));

    private static Scenario? WithSettings(Scenario scenario, Action<JsonObject> edit)
        => !Evaluated(scenario) ? null : Rehashed(With(scenario, evidence => edit(evidence["settings"]!.AsObject())));

    private static Scenario? WithGamma(Scenario scenario, Action<JsonObject> edit)
        => !Evaluated(scenario) ? null : Rehashed(With(scenario, evidence => edit(evidence["gamma"]!.AsObject())), keepGamma: true);

    private static Scenario? WithList(Scenario scenario, string name, Action<JsonArray> edit)
        => scenario.Evidence[name] is not JsonArray { Count: > 1 } ? null : With(scenario, evidence => edit(evidence[name]!.AsArray()));

    /// <summary>Hashes everything again, so that nothing but what it says is wrong.</summary>
    private static Scenario Rehashed(Scenario scenario, bool keepGamma = false)
    {
        var evidence = scenario.Evidence;
        var gamma = evidence["gamma"]!.AsObject();
        if (!keepGamma)
        {
            gamma["settings_hash"] = Hash(evidence["settings"]!);
            gamma["policy_set_hash"] = HashOfPolicies(evidence["policies"]!.AsArray());
        }

        scenario.Body["alpha_hash"] = Hash(evidence["alpha"]!);
        scenario.Body["policy_set_hash"] = gamma["policy_set_hash"]!.DeepClone();
        scenario.Body["gamma_hash"] = Hash(gamma);
        return scenario;
    }

    private static string Hash(JsonNode node) => Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(node.ToJsonString()))));

    /// <summary>The hash of a set over the very bytes that the bundle gives, as docs/formats/certificate.md says.</summary>
    private static string HashOfPolicies(JsonArray policies)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData("AgentGate.Cedar policy set v1\n"u8);
        foreach (var policy in policies.OrderBy(static policy => (string)policy!["id"]!, StringComparer.Ordinal))
        {
            Append((string)policy!["id"]!);
            Append((string)policy["kind"]!);
            hash.AppendData(SHA256.HashData([.. "AgentGate.Cedar policy v1\n"u8, .. Encoding.UTF8.GetBytes((string)policy["json"]!)]));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData([(byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length]);
            hash.AppendData(bytes);
        }
    }

    // ---- single forgeries ----

    private Scenario? Admit(Scenario scenario)
    {
        if ((string)scenario.Body["result"]! != "INADMISSIBLE" || Erased(scenario))
        {
            return null;
        }

        return WithBody(scenario, body =>
        {
            var payload = body["proof_payload"]!.AsObject();
            payload.Remove("failed_predicates");
            payload.Remove("unsat_core");
            payload.Remove("counterexample");
            foreach (var predicate in Predicates(body).Where(static each => (string)each["value"]! == "fails"))
            {
                predicate["value"] = "holds";
                var witness = predicate["witness"]!.AsObject();
                witness.Remove("matched");
                witness.Remove("missing");
                witness.Remove("reason");
                witness.Remove("link");
                if (witness.ContainsKey("failures"))
                {
                    witness["failures"] = new JsonArray();
                }
            }

            body["result"] = "ADMISSIBLE";
            body["proof_type"] = "CONSTRUCTIVE_TRACE";
            body["decision"] = "allow";
            body.Remove("code");
        });
    }

    private Scenario? Refuse(Scenario scenario)
    {
        if ((string)scenario.Body["result"]! != "ADMISSIBLE" || Erased(scenario))
        {
            return null;
        }

        return WithBody(scenario, body =>
        {
            var payload = body["proof_payload"]!.AsObject();
            Predicates(body)[2]["value"] = "fails";
            payload["failed_predicates"] = new JsonArray("PermitExists");
            payload["unsat_core"] = new JsonArray("PermitExists");
            body["result"] = "INADMISSIBLE";
            body["proof_type"] = "UNSAT_CORE";
            body["decision"] = "deny";
            body["code"] = "policy.denied";
        });
    }

    /// <summary>Puts a decision into another log of the same server, signed by its own key.</summary>
    private Scenario Relog(Scenario scenario, string origin) => scenario.Copy("") with
    {
        LogSigner = new NoteSigner(_keys.Logs[0], NoteKey.ForLog(origin, _keys.Logs[0].PublicKey)),
        EditSeal = seal => seal with { Origin = origin },
        EditCheckpoint = checkpoint => new Checkpoint(origin, checkpoint.Size, checkpoint.Root),
    };

    private static void Turn(JsonObject predicate) => predicate["value"] = (string)predicate["value"]! == "holds" ? "fails" : "holds";

    private void ChangeWitness(JsonObject body)
    {
        var witnesses = Predicates(body).Where(static each => each.ContainsKey("witness")).Select(static each => each["witness"]!.AsObject()).ToList();
        if (witnesses.Count == 0)
        {
            body["proof_type"] = "CONSTRUCTIVE_TRACE";
            return;
        }

        var witness = Pick(witnesses);
        var (name, value) = Pick(witness.ToList());
        witness[name] = value switch
        {
            JsonArray { Count: > 0 } list => new JsonArray([.. list.Skip(1).Select(static each => each!.DeepClone())]),
            JsonArray => new JsonArray(new JsonObject { ["obligation"] = "mfa_required", ["source"] = "setting:*", ["reason"] = "x" }),
            JsonObject item => new JsonObject { ["question"] = 9, ["policy"] = (string?)item["policy"] ?? "p", ["kind"] = "forbid" },
            JsonValue number when number.TryGetValue<long>(out var count) => count + 1,
            _ => (string)value! + "x",
        };
    }

    private static void ToggleCode(JsonObject body)
    {
        if (!body.Remove("code"))
        {
            body["code"] = "policy.denied";
        }
    }

    private void Attest(JsonObject alpha)
    {
        var list = alpha["attestations"]!.AsArray();
        list.Clear();
        foreach (var word in _random.Next(2) == 0 ? new[] { "approval_required", "mfa_required", "preview_confirm_required" } : ["mfa_required"])
        {
            list.Add(new JsonObject { ["obligation"] = word, ["at"] = alpha["at"]!.DeepClone(), ["by"] = "p_boss" });
        }
    }

    private void ChangeSettings(JsonObject settings)
    {
        switch (_random.Next(5))
        {
            case 0:
                settings["validity_seconds"] = (long)settings["validity_seconds"]! + 1;
                break;
            case 1:
                settings["attestation_seconds"] = Pick([0L, 899, 901, 100_000]);
                break;
            case 2:
                settings["obligations"] = new JsonArray(new JsonObject { ["action"] = "*", ["obligation"] = Pick(["mfa_required", "approval_required", "quorum_required"]) });
                break;
            case 3:
                settings["obligations"] = new JsonArray();
                break;
            default:
                settings["quorum"] = new JsonObject { ["votes"] = _random.Next(3), ["nodes"] = new JsonArray(new JsonObject { ["node_id"] = "node_0", ["key_id"] = _keys.Nodes[0].Id }) };
                break;
        }
    }

    private void ChangeGamma(JsonObject gamma)
    {
        var name = Pick(["policy_set_hash", "settings_hash", "grants_root", "revocations_root", "grants_size", "revocations_size", "tenant"]);
        gamma[name] = name.EndsWith("_size", StringComparison.Ordinal) ? (long)gamma[name]! + 1 : name == "tenant" ? "other" : World.Hex(_random, 32);
    }

    private static void Rewrite(JsonNode policy, Func<string, string> edit) => policy["json"] = edit((string)policy["json"]!);

    private static void Resign(JsonNode item, SigningKey key, Action<JsonObject>? edit)
    {
        if (item["grant"] is not JsonObject grant)
        {
            item["grant_id"] = "g_00000000000000000000000000000000";
            return;
        }

        edit?.Invoke(grant);
        Sign(grant, SigningDomains.Grant, key);
    }

    private static void Vote(JsonNode vote, SigningKey key) => Sign(vote.AsObject(), SigningDomains.Vote, key);

    private static void Sign(JsonObject statement, ReadOnlySpan<byte> domain, SigningKey key)
    {
        statement.Remove("key_id");
        statement.Remove("signature");
        var signature = key.Sign(domain, CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(statement.ToJsonString())));
        statement["key_id"] = key.Id;
        statement["signature"] = Convert.ToBase64String(signature);
    }
}
