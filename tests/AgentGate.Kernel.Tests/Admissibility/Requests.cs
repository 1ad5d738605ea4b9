using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Tests.Admissibility;

/// <summary>Requests and knowledge for tests: what a server would attest about one call.</summary>
internal static class Requests
{
    public const string Tenant = "acme";
    public const string Agent = "agent_1";
    public const string PathType = "AgentGate::Path";

    public static readonly DateTimeOffset At = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    /// <summary>A direct request of an authenticated agent, with one question.</summary>
    public static Alpha Of(string action = "read", string path = "/api/data", string? role = null, CedarRecord? context = null, string principal = Agent)
    {
        var (agent, resource) = (AgentOf(principal, role), new Entity(new EntityUid(PathType, path)) { Attributes = Named(path) });
        return new Alpha
        {
            CallId = "call_1",
            Tenant = Tenant,
            Door = "sdk.tools",
            Principal = principal,
            Action = action,
            Resource = new EntityRef(PathType, path),
            At = At,
            Authentication = new Authentication(AuthenticationMethod.Key, principal, Tenant, "key_1"),
            ContentDigest = new string('c', 64),
            Nonce = new string('a', 32),
            Salt = new string('b', 64),
            Questions = [new PolicyQuestion(QuestionDemand.Permit, agent.Uid, ActionOf(action), resource.Uid, context ?? Context(), EntityStore.Create(agent, resource))],
        };
    }

    public static Knowledge Knowing(string policies, AdmissibilitySettings? settings = null, IGrantFacts? grants = null)
    {
        var set = PolicySet.Parse(policies, PolicyIdSource.IdAnnotation);
        return new Knowledge
        {
            Policies = Authorizer.Create(set),
            PolicySetHash = PolicyHash.Of(set),
            Settings = settings ?? new AdmissibilitySettings(),
            Grants = grants ?? GrantSnapshot.Empty,
        };
    }

    public static AdmissibilityProof Ask(string policies, Alpha alpha, AdmissibilitySettings? settings = null) => Theorem.Evaluate(alpha, Knowing(policies, settings));

    public static AdmissibilitySettings Demanding(params (string Action, string Obligation)[] obligations)
        => new() { Obligations = [.. obligations.Select(static item => new SettingObligation(item.Action, item.Obligation))] };

    public static Attestation Attested(string obligation, TimeSpan ago = default) => new(obligation, At - ago, "person_1");

    public static CedarRecord Context(params (string Name, CedarValue Value)[] fields)
        => new([.. fields.Select(static field => KeyValuePair.Create(field.Name, field.Value)).Append(new("door", new CedarString("sdk.tools")))]);

    public static EntityUid ActionOf(string action) => new("AgentGate::Action", action);

    public static EntityUid AgentUid(string principal) => new("AgentGate::Agent", principal);

    /// <summary>An agent as the server's records have it: roles in lower case, a blank one is none.</summary>
    public static Entity AgentOf(string principal, string? role = null)
    {
        ImmutableArray<string> roles = role?.Trim().ToLowerInvariant() is { Length: > 0 } name ? [name] : [];
        return new Entity(AgentUid(principal))
        {
            Attributes = new CedarRecord(KeyValuePair.Create("roles", (CedarValue)new CedarSet(roles.Select(static one => new CedarString(one))))),
            Parents = [.. roles.Select(static one => new EntityUid("AgentGate::Role", one))],
        };
    }

    public static PredicateValue Value(this AdmissibilityProof proof, Predicate predicate) => proof.Predicates[(int)predicate].Value;

    public static string Witness(this AdmissibilityProof proof, Predicate predicate)
        => System.Text.Encoding.UTF8.GetString(proof.Predicates[(int)predicate].Witness.Span);

    public static string Failing(this AdmissibilityProof proof)
        => string.Join(",", proof.Predicates.Where(static finding => finding.Value == PredicateValue.Fails).Select(static finding => finding.Predicate));

    private static CedarRecord Named(string id) => new(KeyValuePair.Create("id", (CedarValue)new CedarString(id)));
}
