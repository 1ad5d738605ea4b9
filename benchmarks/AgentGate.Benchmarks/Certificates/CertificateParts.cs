using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Benchmarks.Certificates;

/// <summary>One tool call that is allowed, with everything its certificate rests on.</summary>
internal sealed class CertificateParts : IDisposable
{
    private static readonly string[] s_guards = ["limits", "budgets", "threats", "pii", "admissibility", "targets"];

    public const int Policies = 100;

    private const string Name = "log.example";
    private const string Origin = "log.example/acme";
    private static readonly DateTimeOffset At = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    private readonly SigningKey _signer = SigningKey.Create(SignatureAlgorithm.Ed25519, SHA256.HashData("certificates"u8));
    private readonly SigningKey _log = SigningKey.Create(SignatureAlgorithm.Ed25519, SHA256.HashData("log"u8));

    public CertificateParts(int leaves)
    {
        Knowledge = KnowledgeOf();
        Alpha = AlphaOf();
        CanonicalEntities.Keep(Alpha.Questions[0].Entities);
        var alpha = AlphaJson.Write(Alpha);
        var gamma = new Gamma("acme", Knowledge.PolicySetHash, SettingsJson.Hash(Knowledge.Settings), FactTree.Empty.Root, 0, FactTree.Empty.Root, 0);
        Content = new CertificateContent
        {
            DecisionId = "0197a000-0000-7000-8000-000000000001",
            CallId = Alpha.CallId,
            Tenant = Alpha.Tenant,
            Decision = DecisionKind.Allow,
            Proof = Theorem.Evaluate(Alpha, Knowledge),
            Alpha = Alpha,
            AlphaHash = AlphaJson.Hash(alpha),
            GammaHash = GammaJson.Hash(gamma),
            PolicySetHash = Knowledge.PolicySetHash,
            ContentDigest = Alpha.ContentDigest,
            Nonce = Alpha.Nonce,
            Verdicts =
            [
                .. s_guards
                    .Select(static guard => new VerdictRecord(guard, "allow", null, false, false, [], TimeSpan.FromMicroseconds(20))),
            ],
            Durability = "commit",
            CreatedAt = At.AddMilliseconds(2),
            Validity = Knowledge.Settings.Validity,
        };
        Draft = CertificateBody.Write(Content);
        Keys = VerifierKeys.Create([new(_signer.PublicKey, [KeyRole.Certificates]), new(_log.PublicKey, [KeyRole.Checkpoints], Name)]);
        Certificate = CertificateJson.Write(Draft.Body.Span, CertificateBatch.Sign([.. Enumerable.Repeat(Draft, 64)], _signer).Seal(7, Origin, leaves / 3));
        Bundle = BundleOf(alpha, gamma, leaves);
        if (!BundleVerifier.Verify(Certificate, Bundle, Keys).Valid)
        {
            throw new InvalidOperationException("The measured certificate is not valid.");
        }
    }

    public Alpha Alpha { get; }

    public Knowledge Knowledge { get; }

    public CertificateContent Content { get; }

    public CertificateDraft Draft { get; }

    public byte[] Certificate { get; }

    public byte[] Bundle { get; }

    public VerifierKeys Keys { get; }

    public CertificateSeal Sign(CertificateDraft[] drafts)
    {
        var batch = CertificateBatch.Sign(drafts, _signer);
        CertificateSeal last = batch.Seal(0, Origin, 0);
        for (var i = 1; i < drafts.Length; i++)
        {
            last = batch.Seal(i, Origin, i);
        }

        return last;
    }

    public void Dispose()
    {
        _signer.Dispose();
        _log.Dispose();
    }

    private static Knowledge KnowledgeOf()
    {
        var text = string.Concat(Enumerable.Range(0, Policies - 2).Select(static i => $$"""
            @id("tool-{{i}}") permit(principal in AgentGate::Role::"team-{{i}}", action == AgentGate::Action::"callTool", resource == AgentGate::Tool::"crm/tool_{{i}}");

            """)) + """
            @id("crm") permit(principal in AgentGate::Role::"support", action == AgentGate::Action::"callTool", resource) when { resource.id like "crm/*" };
            @id("night") forbid(principal, action, resource) when { context.hour < 6 && resource.id like "crm/delete*" };
            """;
        var set = PolicySet.Parse(text, PolicyIdSource.IdAnnotation);
        return new Knowledge { Policies = Authorizer.Create(set), PolicySetHash = PolicyHash.Of(set), Settings = new AdmissibilitySettings(), Grants = GrantSnapshot.Empty };
    }

    private static Alpha AlphaOf()
    {
        var (agent, tool) = (new EntityUid("AgentGate::Agent", "agent_0197"), new EntityUid("AgentGate::Tool", "crm/read_record"));
        var store = EntityStore.Create(
            new Entity(agent) { Attributes = Text(("id", agent.Id), ("tenant", "acme"), ("keyId", "key_1")), Parents = [new EntityUid("AgentGate::Role", "support")] },
            new Entity(tool) { Attributes = Text(("id", tool.Id), ("key", tool.Id), ("name", "read_record"), ("server", "crm")) });
        var context = new CedarRecord(
            new("at", CedarDatetime.From(At)), new("hour", new CedarLong(9)), new("weekday", new CedarLong(6)), new("door", new CedarString("sdk.tools")),
            new("byModel", CedarBool.True), new("streaming", CedarBool.False), new("choices", new CedarLong(1)), new("unread", CedarSet.Empty));
        return new Alpha
        {
            CallId = "0197a000-0000-7000-8000-00000000000a",
            Tenant = "acme",
            Door = "sdk.tools",
            Principal = agent.Id,
            Action = "callTool",
            Resource = EntityRef.Tool(tool.Id),
            At = At,
            Authentication = new Authentication(AuthenticationMethod.Key, agent.Id, "acme", "key_1"),
            ContentDigest = new string('c', 64),
            Nonce = new string('a', 32),
            Salt = new string('b', 64),
            Questions = [new PolicyQuestion(QuestionDemand.Permit, agent, new EntityUid("AgentGate::Action", "callTool"), tool, context, store)],
        };
    }

    private static CedarRecord Text(params (string Name, string Value)[] fields)
        => new(fields.Select(static field => KeyValuePair.Create(field.Name, (CedarValue)new CedarString(field.Value))));

    private byte[] BundleOf(byte[] alpha, Gamma gamma, int leaves)
    {
        var index = leaves / 3;
        var entry = new ArrayBufferWriter<byte>();
        LogChain.Append(
            entry,
            new LogEntryBody
            {
                Id = "0197a000-0000-7000-8000-00000000000f",
                Kind = EntryKind.Intent,
                At = At,
                Tenant = "acme",
                CallId = Alpha.CallId,
                Decision = DecisionKind.Allow,
                DecisionId = Content.DecisionId,
                CertificateHash = Draft.Hash,
            },
            new ChainHead(index, new byte[ChainHead.HashLength]),
            new LogKey("chain", new byte[LogKey.MinLength]));
        var hashes = new byte[leaves][];
        for (var i = 0; i < leaves; i++)
        {
            hashes[i] = new byte[MerkleHash.Length];
            BinaryPrimitives.WriteInt32LittleEndian(hashes[i], i);
        }

        hashes[index] = MerkleHash.Leaf(entry.WrittenSpan);
        var checkpoint = new Checkpoint(Origin, leaves, MerkleTree.RootOf(hashes)).Sign(new NoteSigner(_log, NoteKey.ForLog(Origin, _log.PublicKey)));
        return BundleJson.Write(new BundleContent
        {
            Certificate = Certificate,
            Alpha = alpha,
            Gamma = GammaJson.Write(gamma),
            Settings = SettingsJson.Write(Knowledge.Settings),
            Policies = Knowledge.Policies.Policies,
            Entry = entry.WrittenMemory,
            EntryIndex = index,
            EntryProof = [.. MerkleTree.InclusionPath(hashes, index).Select(static hash => (ReadOnlyMemory<byte>)hash)],
            Checkpoint = checkpoint.ToBytes(),
        });
    }
}
