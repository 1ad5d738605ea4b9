using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using AgentGate.Content;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Plans;
using AgentGate.Pipeline;

namespace AgentGate.Plans;

/// <summary>The gate's own world: a step is judged with the very questions a live call would be. Serves one plan; not thread-safe.</summary>
internal sealed class GatePlanWorld(
    IAdmissibilityQuestions questions, KnowledgeEpoch now, Principal principal, CallContext context, string planId, IReadOnlyList<ImmutableArray<Attestation>> attested) : IPlanWorld
{
    /// <summary>The door of what is only asked.</summary>
    public const string Door = "plan";

    private const string NoTool = "plan";
    private readonly Dictionary<int, KnowledgeEpoch> _epochs = [];

    /// <summary>What a step was judged with.</summary>
    public KnowledgeEpoch EpochOf(int step) => _epochs[step];

    public bool TryAsk(int index, PlanStep step, PlanState state, [NotNullWhen(true)] out PlanMoment? moment, [NotNullWhen(false)] out string? fault)
    {
        moment = null;
        var (action, resource) = (step.Action!, step.Resource!.Value);
        var isEffect = GateActions.Effects.Contains(action);
        if (!isEffect && (!GateActions.All.Contains(action) || resource.Type != TypeOf(action)))
        {
            fault = isEffect || GateActions.All.Contains(action)
                ? $"The action {action} is done to a {TypeOf(action)}, and to nothing else."
                : $"There is no action of this name; the actions are {string.Join(", ", GateActions.All.Concat(GateActions.Effects))}.";
            return false;
        }

        if (CallOf(step, state, isEffect, out fault) is not { } call)
        {
            fault ??= "The arguments cannot be read.";
            return false;
        }

        var epoch = After(state.Revoked);
        var attestations = state.Attestations(attested[index], call.Context.At);
        var alpha = isEffect
            ? questions.OfTarget(call, action, resource, epoch, attestations, out fault)
            : questions.OfCall(call, epoch, attestations, out fault);
        if (alpha is null)
        {
            fault ??= "The gate would refuse it before it asked a policy.";
            return false;
        }

        fault = "";
        _epochs[index] = epoch;
        moment = new PlanMoment(alpha, epoch.Knowledge);
        return true;
    }

    /// <summary>The call that a step would be; <see langword="null"/> where its arguments cannot be read.</summary>
    public GateCall? CallOf(PlanStep step, PlanState state, bool isEffect, out string? fault)
    {
        fault = null;
        CallContent content = EmptyContent.Instance;
        if (!isEffect && step.Action == GateActions.CallTool && !step.Arguments.IsEmpty)
        {
            if (JsonTreeParser.Parse(step.Arguments, JsonLimits.Default, out _) is not { } tree)
            {
                fault = "The arguments are not an object that the gate can read.";
                return null;
            }

            content = JsonContentReader.Read(new DocumentReading(tree), JsonLimits.Default);
        }

        return new GateCall
        {
            Id = planId,
            Door = Door,
            Principal = principal,
            Action = isEffect ? GateActions.CallTool : step.Action ?? "",
            Resource = isEffect ? EntityRef.Tool(step.Tool ?? NoTool) : step.Resource ?? EntityRef.Tool(NoTool),
            Context = context with { Facts = [.. state.Facts], DelegationRef = step.DelegationRef },
            Content = content,
            Targets = [],
        };
    }

    /// <summary>The type of what an action is done to.</summary>
    public static string TypeOf(string action) => action switch
    {
        GateActions.CallTool or GateActions.RestoreValues => EntityRef.ToolType,
        GateActions.ListModels => EntityRef.ModelListType,
        GateActions.UseProviderTool => EntityRef.ProviderToolType,
        GateActions.FetchContent => EntityRef.FetchedContentType,
        GateActions.ActivatePolicy => EntityRef.PolicySetType,
        _ => EntityRef.ModelType,
    };

    /// <summary>What would be in force after the plan's own revocations. Grants that nobody knows stay unknown.</summary>
    private KnowledgeEpoch After(ImmutableSortedSet<string> revoked)
    {
        if (revoked.IsEmpty || now.Knowledge.Grants is not GrantSnapshot grants)
        {
            return now;
        }

        var at = DateTimeOffset.FromUnixTimeMilliseconds(context.At.ToUnixTimeMilliseconds());
        var then = revoked.Where(id => grants.TryGetGrant(id, out _)).Aggregate(grants, (facts, id) => facts.With(new GrantRevocation(id, at, PlanState.AssumedBy)));
        ReadOnlyMemory<byte> gamma = GammaJson.Write(new Gamma(
            now.Tenant, now.Knowledge.PolicySetHash, AlphaJson.Hash(now.Settings.Span), then.GrantsRoot, then.GrantsSize, then.RevocationsRoot, then.RevocationsSize));
        return new KnowledgeEpoch
        {
            Tenant = now.Tenant, Knowledge = now.Knowledge with { Grants = then }, Gamma = gamma, GammaHash = AlphaJson.Hash(gamma.Span), Settings = now.Settings,
        };
    }
}
