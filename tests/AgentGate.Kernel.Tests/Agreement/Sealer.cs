using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>Seals decisions as the log's writer does: a batch, entries, a tree, a checkpoint with cosignatures.</summary>
internal sealed class Sealer(Random random, AgreementKeys keys)
{
    /// <summary>Seals decisions together and gives each its certificate and its bundle.</summary>
    public IReadOnlyList<(JsonObject Certificate, JsonObject Bundle)> Seal(IReadOnlyList<Scenario> scenarios)
    {
        var key = scenarios[0].BatchKey ?? keys.Certificates[random.Next(keys.Certificates.Count)];
        var log = random.Next(keys.LogSigners.Count);
        var (signer, origin) = (keys.LogSigners[log], log == 0 ? AgreementKeys.EdOrigin : AgreementKeys.EcOrigin);
        var drafts = scenarios.Select(static scenario => Draft(scenario.Body)).ToArray();
        var batch = CertificateBatch.Sign(drafts, key);

        // The entries stand somewhere in a log of any size, among the entries of others.
        var (before, after) = (random.Next(300), random.Next(3) == 0 ? 0 : random.Next(300));
        var entries = scenarios.Select((scenario, i) => Entry(scenario, drafts[i], before + i + 1)).ToArray();
        var leaves = Fill(before).Concat(entries.Select(static entry => MerkleHash.Leaf(entry))).Concat(Fill(after)).ToArray();
        var statement = new Checkpoint(origin, leaves.Length, MerkleTree.RootOf(leaves));
        var note = (scenarios[0].EditCheckpoint?.Invoke(statement) ?? statement).Sign(scenarios[0].LogSigner ?? signer);
        note = note.With(keys.WitnessSigners.Take(random.Next(4)).Select(witness => witness.Cosign(note.Text.Span, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero))));
        var checkpoint = Encoding.UTF8.GetString(note.ToBytes());
        return
        [
            .. scenarios.Select((scenario, i) =>
            {
                var seal = batch.Seal(i, origin, before + i);
                var certificate = CertificateJson.Write(drafts[i].Body.Span, scenario.EditSeal?.Invoke(seal) ?? seal);
                var bundle = (JsonObject)scenario.Evidence.DeepClone();
                bundle["version"] = 1;
                bundle["certificate"] = JsonNode.Parse(certificate);
                bundle["entry"] = new JsonObject
                {
                    ["json"] = Encoding.UTF8.GetString(entries[i]),
                    ["index"] = before + i,
                    ["proof"] = new JsonArray([.. MerkleTree.InclusionPath(leaves, before + i).Select(static hash => (JsonNode)Convert.ToHexStringLower(hash))]),
                };
                bundle["checkpoint"] = checkpoint;
                return ((JsonObject)JsonNode.Parse(certificate)!, bundle);
            }),
        ];
    }

    internal static CertificateDraft Draft(JsonObject body)
    {
        var bytes = CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(body.ToJsonString()));
        return new CertificateDraft((string)body["decision_id"]!, bytes, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)));
    }

    private byte[] Entry(Scenario scenario, CertificateDraft draft, long seq)
    {
        var body = scenario.Body;
        var output = new CanonicalBuffer(1024);
        var entry = new LogEntryBody
        {
            Id = draft.DecisionId,
            Kind = scenario.Entry,
            At = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000 + random.Next()),
            Tenant = (string)body["tenant"]!,
            CallId = (string)body["call_id"]!,
            Decision = (string)body["decision"]! switch { "allow" => DecisionKind.Allow, "deny" => DecisionKind.Deny, _ => DecisionKind.Hold },
            Code = (string?)body["code"],
            Verdicts = scenario.Content.Verdicts,
            Resource = EntityRef.Tool("crm/read_notes"),
            Durability = "commit",
            Usage = scenario.Entry == EntryKind.Outcome ? new Usage(10, 20) : null,
            Outcome = scenario.Entry == EntryKind.Outcome ? OutcomeKind.Completed : null,
            DecisionId = draft.DecisionId,
            CertificateHash = draft.Hash,
        };
        LogEntryFormat.Write(output, entry, seq, "chain-1");
        if (scenario.EditEntry is null)
        {
            return output.Written.ToArray();
        }

        var edited = (JsonObject)JsonNode.Parse(output.Written)!;
        scenario.EditEntry(edited);
        return CanonicalJson.Canonicalize(Encoding.UTF8.GetBytes(edited.ToJsonString()));
    }

    private IEnumerable<byte[]> Fill(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var hash = new byte[MerkleHash.Length];
            random.NextBytes(hash);
            yield return hash;
        }
    }
}
