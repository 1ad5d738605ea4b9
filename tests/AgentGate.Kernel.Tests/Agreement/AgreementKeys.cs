using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>The keys of one make-believe server, always the same, and the key set it publishes.</summary>
internal sealed class AgreementKeys : IDisposable
{
    /// <summary>Has what only a percent-encoding that is ours to the letter spells as an origin does.</summary>
    public const string Tenant = "acme/s\u00f6hne's (2)!*";
    public const string EdOrigin = EdName + "/acme%2Fs%C3%B6hne%27s%20%282%29%21%2A";
    public const string EcOrigin = EcName + "/acme%2Fs%C3%B6hne%27s%20%282%29%21%2A";

    /// <summary>A server has one name, and a log for each tenant under it. This key set has the names of two.</summary>
    private const string EdName = "log.acme.example/audit";
    private const string EcName = "log.acme.example";

    private readonly List<SigningKey> _made = [];

    public AgreementKeys()
    {
        Certificates = [Make(SignatureAlgorithm.Ed25519, "certificates 1"), Make(SignatureAlgorithm.EcdsaP256, "certificates 2")];
        Logs = [Make(SignatureAlgorithm.Ed25519, "log 1"), Make(SignatureAlgorithm.EcdsaP256, "log 2")];
        Grants = [Make(SignatureAlgorithm.Ed25519, "grants 1"), Make(SignatureAlgorithm.EcdsaP256, "grants 2")];
        Nodes = [.. Enumerable.Range(0, 3).Select(i => Make(SignatureAlgorithm.Ed25519, $"node {i}"))];
        Witnesses = [.. Enumerable.Range(0, 3).Select(i => Make(SignatureAlgorithm.Ed25519, $"witness {i}"))];
        Stranger = Make(SignatureAlgorithm.Ed25519, "stranger");
        LogSigners =
        [
            new NoteSigner(Logs[0], NoteKey.ForLog(EdOrigin, Logs[0].PublicKey)),
            new NoteSigner(Logs[1], NoteKey.ForLog(EcOrigin, Logs[1].PublicKey)),
        ];
        WitnessSigners = [.. Witnesses.Select((key, i) => new NoteSigner(key, NoteKey.ForWitness($"witness-{i}.example", key.PublicKey)))];
        Published = Publish();
    }

    public IReadOnlyList<SigningKey> Certificates { get; }

    public IReadOnlyList<SigningKey> Logs { get; }

    public IReadOnlyList<SigningKey> Grants { get; }

    public IReadOnlyList<SigningKey> Nodes { get; }

    public IReadOnlyList<SigningKey> Witnesses { get; }

    public SigningKey Stranger { get; }

    public IReadOnlyList<NoteSigner> LogSigners { get; }

    public IReadOnlyList<NoteSigner> WitnessSigners { get; }

    /// <summary>The key set, as a server publishes it.</summary>
    public string Published { get; }

    public void Dispose() => _made.ForEach(static key => key.Dispose());

    private SigningKey Make(SignatureAlgorithm algorithm, string name)
    {
        var key = SigningKey.Create(algorithm, SHA256.HashData(Encoding.UTF8.GetBytes($"agreement {name}")));
        _made.Add(key);
        return key;
    }

    private string Publish()
    {
        var keys = new JsonArray();
        Add(keys, Certificates, "certificates");
        keys.Add(Jwk(Logs[0].PublicKey, "checkpoints", EdName));
        keys.Add(Jwk(Logs[1].PublicKey, "checkpoints", EcName));
        Add(keys, Grants, "grants");
        Add(keys, Nodes, "nodes");
        keys.Add(new JsonObject { ["kty"] = "RSA", ["n"] = "AQAB", ["e"] = "AQAB", ["kid"] = "of another kind" });
        return new JsonObject { ["keys"] = keys }.ToJsonString();

        static void Add(JsonArray keys, IReadOnlyList<SigningKey> made, string role)
        {
            foreach (var key in made)
            {
                keys.Add(Jwk(key.PublicKey, role, null));
            }
        }
    }

    /// <summary>One public key with what it may sign.</summary>
    public static JsonObject Jwk(VerificationKey key, string role, string? name)
    {
        var raw = key.PublicKey.Span;
        var isEd25519 = key.Algorithm == SignatureAlgorithm.Ed25519;
        var jwk = new JsonObject
        {
            ["kid"] = key.Id,
            ["kty"] = isEd25519 ? "OKP" : "EC",
            ["crv"] = isEd25519 ? "Ed25519" : "P-256",
            ["alg"] = isEd25519 ? "EdDSA" : "ES256",
            ["use"] = "sig",
            ["x"] = Base64Url.EncodeToString(isEd25519 ? raw : raw[1..33]),
        };
        if (!isEd25519)
        {
            jwk["y"] = Base64Url.EncodeToString(raw[33..]);
        }

        var about = new JsonObject { ["role"] = new JsonArray(role) };
        if (name is not null)
        {
            about["name"] = name;
        }

        jwk["agentgate"] = about;
        return jwk;
    }
}
