using System.Buffers;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Tests.Admissibility;
using AgentGate.Kernel.Tests.Transparency;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Certificates;

/// <summary>A decision with its certificate, its place in a log of a few entries, and its bundle: what a server leaves of one call.</summary>
internal sealed class Decided
{
    public const string Name = "log.example";
    public const string Origin = "log.example/acme";
    public const string PermitAll = """@id("p") permit(principal, action, resource);""";

    public static readonly SigningKey Signer = Key(1);
    public static readonly SigningKey LogSigner = Key(2);
    public static readonly VerifierKeys Keys = VerifierKeys.Create(
    [
        new VerifierKey(Signer.PublicKey, [KeyRole.Certificates]),
        new VerifierKey(LogSigner.PublicKey, [KeyRole.Checkpoints], Name),
        new VerifierKey(Grants.Key.PublicKey, [KeyRole.Grants]),
    ]);

    private Decided(byte[] certificate, BundleContent content) => (Certificate, Content, Bundle) = (certificate, content, BundleJson.Write(content));

    public byte[] Certificate { get; }

    public BundleContent Content { get; }

    public byte[] Bundle { get; }

    public static SigningKey Key(byte seed, SignatureAlgorithm algorithm = SignatureAlgorithm.Ed25519)
        => SigningKey.Create(algorithm, [.. Enumerable.Repeat(seed, 32)]);

    public static DateTimeOffset Moment => Requests.At.AddMilliseconds(5);

    /// <summary>What is stated where the theorem was evaluated: an enforced decision that follows the result.</summary>
    public static CertificateContent Stating(Alpha alpha, Knowledge knowledge, int votes = 0)
    {
        var proof = Theorem.Evaluate(alpha, knowledge, votes);
        return new CertificateContent
        {
            DecisionId = "0197a000-0000-7000-8000-000000000001",
            CallId = alpha.CallId,
            Tenant = alpha.Tenant,
            Decision = proof.Holds ? DecisionKind.Allow : DecisionKind.Deny,
            Code = proof.Holds ? null : "AG1201",
            Proof = proof,
            Alpha = alpha,
            AlphaHash = AlphaJson.Hash(AlphaJson.Write(alpha)),
            GammaHash = GammaJson.Hash(GammaOf(knowledge)),
            PolicySetHash = knowledge.PolicySetHash,
            ContentDigest = alpha.ContentDigest,
            Nonce = alpha.Nonce,
            Verdicts = [new VerdictRecord("admissibility", proof.Holds ? "allow" : "deny", null, false, false, [new Finding("policy", null, 1, "p")], TimeSpan.FromMicroseconds(12))],
            Durability = "commit",
            CreatedAt = Moment,
            Validity = knowledge.Settings.Validity,
        };
    }

    /// <summary>What is stated where the call ended before the theorem was asked.</summary>
    public static CertificateContent Ended(string code = "AG1101", string? honeyToken = null) => new()
    {
        DecisionId = "0197a000-0000-7000-8000-000000000002",
        CallId = "call_1",
        Tenant = Requests.Tenant,
        Decision = DecisionKind.Deny,
        Code = code,
        HoneyToken = honeyToken,
        Nonce = new string('d', 32),
        Durability = "commit",
        CreatedAt = Moment,
        Validity = TimeSpan.FromMinutes(5),
    };

    public static Gamma GammaOf(Knowledge knowledge) => new(
        Requests.Tenant, knowledge.PolicySetHash, SettingsJson.Hash(knowledge.Settings),
        knowledge.Grants.GrantsRoot, knowledge.Grants.GrantsSize, knowledge.Grants.RevocationsRoot, knowledge.Grants.RevocationsSize);

    public static Decided Of(string policies = PermitAll, Alpha? alpha = null, AdmissibilitySettings? settings = null, IGrantFacts? grants = null)
        => Of(alpha ?? Requests.Of(), Requests.Knowing(policies, settings, grants));

    public static Decided Of(Alpha alpha, Knowledge knowledge) => Of(Stating(alpha, knowledge), knowledge);

    /// <summary>Signs and logs what is stated, among others, as a server does.</summary>
    public static Decided Of(CertificateContent stated, Knowledge? knowledge = null, SigningKey? signer = null, int batch = 5, int place = 2, Func<BundleContent, BundleContent>? change = null)
    {
        var draft = CertificateBody.Write(stated);
        var drafts = Enumerable.Range(0, batch).Select(i => i == place ? draft : CertificateBody.Write(Ended($"AG110{i % 9}"))).ToArray();
        var sealing = CertificateBatch.Sign(drafts, signer ?? Signer).Seal(place, Origin, 3);
        var certificate = CertificateJson.Write(draft.Body.Span, sealing);
        var (entries, checkpoint) = Log(stated, draft);
        var leaves = entries.Select(static entry => MerkleHash.Leaf(entry)).ToArray();
        var content = new BundleContent
        {
            Certificate = certificate,
            Alpha = stated.Alpha is null ? default : AlphaJson.Write(stated.Alpha),
            Gamma = knowledge is null ? default : GammaJson.Write(GammaOf(knowledge)),
            Settings = knowledge is null ? default : SettingsJson.Write(knowledge.Settings),
            Policies = knowledge?.Policies.Policies,
            Entry = entries[3],
            EntryIndex = 3,
            EntryProof = [.. MerkleTree.InclusionPath(leaves, 3).Select(static hash => (ReadOnlyMemory<byte>)hash)],
            Checkpoint = checkpoint,
        };
        if (stated.Alpha?.DelegationRef is { } leaf && knowledge?.Grants is GrantSnapshot facts)
        {
            content = content.WithDelegation(leaf, facts);
        }

        return new Decided(certificate, change is null ? content : change(content));
    }

    public VerificationReport Verify(VerifierKeys? keys = null, VerificationOptions? options = null) => BundleVerifier.Verify(Certificate, Bundle, keys ?? Keys, options);

    /// <summary>A log of six entries, the decision's the fourth, with its signed checkpoint.</summary>
    private static (byte[][] Entries, byte[] Checkpoint) Log(CertificateContent stated, CertificateDraft draft)
    {
        var head = ChainHead.Genesis;
        var entries = new byte[6][];
        for (var i = 0; i < entries.Length; i++)
        {
            var body = i != 3 ? Entries.Minimal(i) : new LogEntryBody
            {
                Id = "0197a000-0000-7000-8000-00000000000f",
                Kind = stated.Mode == CertificateMode.Counterfactual ? EntryKind.Evaluation
                    : stated.Decision == DecisionKind.Allow ? EntryKind.Intent : stated.Decision == DecisionKind.Hold ? EntryKind.Held : EntryKind.Denied,
                At = stated.CreatedAt,
                Tenant = stated.Tenant,
                CallId = stated.CallId,
                Decision = stated.Decision,
                Code = stated.Code,
                DecisionId = stated.DecisionId,
                CertificateHash = draft.Hash,
                Durability = "commit",
            };
            var output = new ArrayBufferWriter<byte>();
            head = LogChain.Append(output, body, head, Entries.Key());
            entries[i] = output.WrittenSpan.ToArray();
        }

        var root = MerkleTree.RootOf([.. entries.Select(static entry => MerkleHash.Leaf(entry))]);
        return (entries, new Checkpoint(Origin, entries.Length, root).Sign(new NoteSigner(LogSigner, NoteKey.ForLog(Origin, LogSigner.PublicKey))).ToBytes());
    }
}
