using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;
using static AgentGate.Kernel.Tests.Admissibility.Requests;

namespace AgentGate.Kernel.Tests.Admissibility;

/// <summary>Signed grants for tests, and requests made under them.</summary>
internal static class Grants
{
    public static readonly SigningKey Key = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)7, 32)]);

    public static string Id(int number) => "g_" + number.ToString("x32", CultureInfo.InvariantCulture);

    public static Grant Of(
        int number, string principal, string to, ImmutableArray<string> actions, ImmutableArray<string> scopes, int? parent = null, params string[] obligations) => new()
    {
        Id = Id(number),
        Tenant = Tenant,
        Principal = principal,
        Delegate = to,
        Actions = actions,
        ResourceScope = scopes,
        Obligations = [.. obligations],
        ParentId = parent is { } one ? Id(one) : null,
        IssuedAt = At.AddDays(-1),
        ExpiresAt = At.AddDays(1),
    };

    public static GrantSnapshot Snapshot(params Grant[] grants) => GrantSnapshot.Create([.. grants.Select(static grant => SignedGrant.Sign(grant, Key))], []);

    /// <summary>The same request under a grant: the root is asked for, everybody else must not be forbidden.</summary>
    public static Alpha Delegated(Alpha alpha, IGrantFacts facts, int leaf)
    {
        var chain = GrantChain.Follow(Id(leaf), facts).Chain;
        var root = chain.IsEmpty ? alpha.Principal : chain[^1].Principal;
        var people = chain.SelectMany(static grant => new[] { grant.Delegate, grant.Principal }).Append(alpha.Principal).Append(root).Distinct().ToArray();
        var question = alpha.Questions[0];
        var store = EntityStore.Create([.. people.Select(static person => AgentOf(person)), .. question.Entities.Where(static one => one.Uid.Type.Text == PathType)]);
        return alpha with
        {
            DelegationRef = Id(leaf),
            Questions =
            [
                question with { Principal = AgentUid(root), Entities = store },
                .. people.Where(person => person != root).Select(person => question with { Principal = AgentUid(person), Entities = store, Demand = QuestionDemand.NoForbid }),
            ],
        };
    }
}
