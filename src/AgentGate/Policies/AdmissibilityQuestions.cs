using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>What the admissibility guard asks, for who only wants to know.</summary>
internal sealed class AdmissibilityQuestions(PolicyRegistry registry, PolicyEntities entities, IToolCatalog tools, KnowledgeEpochs epochs) : IAdmissibilityQuestions
{
    private const string TooMuch = "It asks more of the policies than a proof may hold.";

    /// <summary>What the circumstances call the argument of a target that is asked about by itself.</summary>
    private const string Argument = "resource";

    public KnowledgeEpoch EpochOf(string tenant) => epochs.Of(tenant, registry.Current(tenant));

    public Alpha? OfCall(GateCall call, KnowledgeEpoch epoch, ImmutableArray<Attestation> attestations, out string? fault)
    {
        fault = null;
        var policies = new CallPolicies(call, entities, ActingFor.Of(call, epoch.Knowledge.Grants));
        if (policies.Add() is { } unclear)
        {
            fault = $"The name that {unclear} is asked on can be spelled in more than one way, so no policy can be held against it.";
            return null;
        }

        if (call.Action == GateActions.CallTool)
        {
            if (TargetReader.Read(call, tools.ArgumentsOf(call.Resource.Id), policies.MayRestore(epoch.Knowledge.Policies, epoch.Knowledge.Settings), out var targets) is var (argument, why))
            {
                fault = AdmissibilityGuard.Unreadable(call, argument, why).Reason;
                return null;
            }

            policies.Add(targets);
        }

        var alpha = AdmissibilityQuery.Of(call, policies, epoch, attestations)?.Evidence.Alpha;
        fault = alpha is null ? TooMuch : Hindered(call, epoch);
        return fault is null ? alpha : null;
    }

    public Alpha? OfTarget(
        GateCall call, string action, EntityRef target, KnowledgeEpoch epoch, ImmutableArray<Attestation> attestations, out string? fault)
    {
        var reading = target.Type switch
        {
            "AgentGate::Path" => PathTarget.Read(target.Id, "/"),
            "AgentGate::Url" => UrlTarget.Read(target.Id),
            "AgentGate::Bucket" => BucketTarget.Read(target.Id),
            "AgentGate::Address" => AddressTarget.Read(target.Id),
            "AgentGate::Item" => ItemTarget.Read(target.Id),
            _ => TargetReading.No("it is of a type that nothing is done to"),
        };
        fault = reading.Fault is { } why ? $"The resource of {action} cannot be read: {why}."
            : Wildcard.IsComparable(call.Resource.Id) ? null : "The tool's name can be spelled in more than one way, so no policy can be held against it.";
        if (fault is not null)
        {
            return null;
        }

        var policies = new CallPolicies(call, entities, ActingFor.Of(call, epoch.Knowledge.Grants));
        policies.Add([.. reading.Targets.Select(read => new TargetRequest(action, read, Argument))]);
        var first = reading.Targets[0].Uid;
        if (AdmissibilityQuery.Of(call, policies, epoch, attestations) is not { } query)
        {
            fault = TooMuch;
            return null;
        }

        fault = Hindered(call, epoch);
        return fault is not null ? null : query.Evidence.Alpha with { Action = action, Resource = new EntityRef(first.Type.Text, first.Id) };
    }

    private static string? Hindered(GateCall call, KnowledgeEpoch epoch)
        => GrantorForbids.Hinder(call, epoch.Knowledge.Grants, epoch.Knowledge.Policies) ? AdmissibilityDenial.GrantorsUnknown.Reason : null;
}
