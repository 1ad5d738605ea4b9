using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>
/// Are the targets still the ones that were permitted? Personal data in arguments becomes tokens, and tokens become values,
/// after Admissibility was asked; where that changed the arguments, what they name now must be permitted as well.
/// </summary>
internal sealed class TargetGuard(PolicyEntities entities, IToolCatalog tools, ApprovalsInstalled? approvals = null) : IRequestGuard
{
    /// <summary>Directly after the guard that changes arguments last, before anything is reserved.</summary>
    public const int Order = GuardOrder.Pii + 50;

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(Inspect(CallFacts.On(context), context.Scope));

    private Verdict Inspect(GateCall call, CallScope scope)
    {
        if (scope.Find<JudgedTargets>() is not { } judged || judged.CallId != call.Id || ReferenceEquals(judged.Content, call.Content))
        {
            return Verdict.Allowed;
        }

        var knowledge = judged.Query.Evidence.Epoch.Knowledge;
        var policies = new CallPolicies(call, entities, ActingFor.Of(call, knowledge.Grants));
        if (TargetReader.Read(call, tools.ArgumentsOf(call.Resource.Id), restores: false, out var targets) is var (argument, fault))
        {
            return AdmissibilityGuard.Unreadable(call, argument, fault);
        }

        // What is asked now is part of the decision: it joins what was asked before.
        policies.Add(targets);
        if (AdmissibilityQuery.With(judged.Query, policies) is not { } query)
        {
            return AdmissibilityDenial.TooMuch;
        }

        scope.Set(query.Evidence);
        if (query.Refused is not { } refused)
        {
            var verdict = AdmissibilityDenial.Of(query.Evidence.Proof, approvals is not null, knowledge.Settings.Quorum is not null) ?? Verdict.Allowed;
            if (verdict is not Verdict.Hold(var code, var reason))
            {
                return verdict;
            }

            scope.Set(new ApprovalDemand(call.Id, code, reason));
            return Verdict.Allowed with { Findings = verdict.Findings };
        }

        var ruling = PolicyRuling.Of(knowledge.Policies, refused);
        return AdmissibilityDenial.Of(ruling, refused) with { Findings = [.. AdmissibilityDenial.Named("policy", ruling.Policies)] };
    }
}

/// <summary>What the targets of a call were read from, and how they were judged.</summary>
/// <param name="CallId">The call it belongs to.</param>
/// <param name="Content">The content they were read from.</param>
/// <param name="Query">What was asked; the same policies judge this call to its end.</param>
internal sealed record JudgedTargets(string CallId, CallContent Content, AdmissibilityQuery Query);
