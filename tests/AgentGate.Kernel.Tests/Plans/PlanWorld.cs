using System.Diagnostics.CodeAnalysis;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Plans;

namespace AgentGate.Kernel.Tests.Plans;

/// <summary>A world of one policy set: a step's resource is a path in its folders, its facts are <c>context.facts</c>.</summary>
internal sealed class PlanWorld(string policies) : IPlanWorld
{
    public static readonly DateTimeOffset At = new(2026, 1, 31, 9, 30, 0, TimeSpan.Zero);

    private readonly PolicySet _policies = PolicySet.Parse(policies, PolicyIdSource.IdAnnotation);

    public GrantSnapshot Grants { get; init; } = GrantSnapshot.Empty;

    public AdmissibilitySettings Settings { get; init; } = new();

    public int Asked { get; private set; }

    public Knowledge Knowledge(GrantSnapshot? grants = null) => new()
    {
        Policies = Authorizer.Create(_policies), PolicySetHash = PolicyHash.Of(_policies), Settings = Settings, Grants = grants ?? Grants,
    };

    public bool TryAsk(int index, PlanStep step, PlanState state, [NotNullWhen(true)] out PlanMoment? moment, [NotNullWhen(false)] out string? fault)
    {
        Asked++;
        (moment, fault) = (null, null);
        if (step.Resource!.Value.Id.Contains("..", StringComparison.Ordinal))
        {
            fault = "A path cannot be read.";
            return false;
        }

        moment = new PlanMoment(Alpha(step, state), Knowledge(state.Revoked.Aggregate(Grants, static (grants, id) => grants.With(new GrantRevocation(id, At, "assumed")))));
        return true;
    }

    public Alpha Alpha(PlanStep step, PlanState state)
    {
        var principal = step.DelegationRef is { } leaf && GrantChain.Follow(leaf, Grants).Chain is [.., var root] ? root.Principal : "agent_1";
        var resource = new EntityUid(step.Resource!.Value.Type, step.Resource.Value.Id);
        var context = new CedarRecord([new("facts", new CedarSet(state.Facts.Select(fact => new CedarString(fact))))]);
        var entities = EntityStore.Create([new Entity(resource) { Parents = [.. Folders(step.Resource.Value)] }]);
        PolicyQuestion Question(QuestionDemand demand, string who)
            => new(demand, new EntityUid("AgentGate::Agent", who), new EntityUid("AgentGate::Action", step.Action!), resource, context, entities);
        return new Alpha
        {
            CallId = "0197f000-0000-7000-8000-000000000001",
            Tenant = "default",
            Door = "plan",
            Principal = "agent_1",
            Action = step.Action!,
            Resource = step.Resource.Value,
            At = At,
            Authentication = new Authentication(AuthenticationMethod.Key, "agent_1", "default", "k_1"),
            DelegationRef = step.DelegationRef,
            Attestations = state.Attestations([], At),
            Nonce = new string('0', 32),
            Salt = new string('0', 64),
            Questions = principal == "agent_1"
                ? [Question(QuestionDemand.Permit, "agent_1")]
                : [Question(QuestionDemand.Permit, principal), Question(QuestionDemand.NoForbid, "agent_1")],
        };
    }

    public static PlanStep Step(string action, string path, PlanEffects? effects = null, string? grant = null)
        => new() { Action = action, Resource = new EntityRef("AgentGate::Path", path), Effects = effects ?? PlanEffects.None, DelegationRef = grant };

    public static PlanEffects Adds(params string[] facts) => new() { AddFacts = [.. facts] };

    private static IEnumerable<EntityUid> Folders(EntityRef path)
    {
        for (var slash = path.Id.LastIndexOf('/'); slash > 0; slash = path.Id.LastIndexOf('/', slash - 1))
        {
            yield return new EntityUid(path.Type, path.Id[..slash]);
        }
    }
}
