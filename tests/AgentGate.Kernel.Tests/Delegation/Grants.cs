using System.Collections.Immutable;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Tests.Delegation;

/// <summary>Grants, chains and requests for tests.</summary>
internal static class Grants
{
    public static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly SigningKey Key = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Range(1, 32).Select(static i => (byte)i)]);

    public static string Id(int number) => $"g_{number:x32}";

    /// <summary>A grant of everything from one name to the next; number 0 is a root.</summary>
    public static Grant Of(int number, string from, string to) => new()
    {
        Id = Id(number),
        Tenant = "t",
        Principal = from,
        Delegate = to,
        Actions = ["*"],
        ResourceScope = ["*"],
        ParentId = number == 0 ? null : Id(number - 1),
        IssuedAt = Noon.AddHours(-1),
        ExpiresAt = Noon.AddHours(1),
    };

    /// <summary>A chain p0 → p1 → … of so many grants, root first.</summary>
    public static Grant[] Chain(int length) => [.. Enumerable.Range(0, length).Select(static i => Of(i, $"p{i}", $"p{i + 1}"))];

    public static GrantSnapshot Facts(params IEnumerable<Grant> grants)
        => GrantSnapshot.Create([.. grants.Select(static grant => SignedGrant.Sign(grant, Key))], []);

    public static PolicyQuestion Question(string action, string type, string id, CedarRecord? context = null) => new(
        QuestionDemand.Permit,
        new EntityUid("AgentGate::Agent", "p0"),
        new EntityUid("AgentGate::Action", action),
        new EntityUid($"AgentGate::{type}", id),
        context ?? CedarRecord.Empty,
        EntityStore.Empty);

    /// <summary>A request of a principal under a grant.</summary>
    public static Alpha Asks(string principal, int leaf, params PolicyQuestion[] questions) => new()
    {
        CallId = "c",
        Tenant = "t",
        Door = "sdk",
        Principal = principal,
        Action = "callTool",
        Resource = default,
        At = Noon,
        Authentication = new Authentication(AuthenticationMethod.Key, principal, "t"),
        DelegationRef = Id(leaf),
        Nonce = new string('0', 32),
        Salt = new string('0', 64),
        Questions = [.. questions.Length == 0 ? [Question("callTool", "Tool", "crm/read")] : questions],
    };

    public static CedarRecord Context(string? door = null, string? ip = null, bool? byModel = null)
    {
        var fields = new List<KeyValuePair<string, CedarValue>>();
        if (door is not null)
        {
            fields.Add(new("door", new CedarString(door)));
        }

        if (ip is not null)
        {
            Assert.True(CedarIpAddress.TryParse(ip, out var address));
            fields.Add(new("sourceIp", address));
        }

        if (byModel is { } asked)
        {
            fields.Add(new("byModel", CedarBool.Of(asked)));
        }

        return new CedarRecord(fields);
    }

    public static ImmutableArray<string> Sorted(params IEnumerable<string> texts)
        => [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
