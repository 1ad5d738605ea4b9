using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;

namespace AgentGate.Policies;

/// <summary>
/// Are the targets still the ones that were permitted? Personal data in arguments becomes tokens, and tokens become values,
/// after Admissibility was asked; where that changed the arguments, what they name now must be permitted as well.
/// </summary>
internal sealed class TargetGuard(PolicyEntities entities, IToolCatalog tools) : IRequestGuard
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

        var policies = new CallPolicies(call, entities);
        if (TargetReader.Read(call, tools.ArgumentsOf(call.Resource.Id), restores: false, out var targets) is var (argument, fault))
        {
            return AdmissibilityGuard.Unreadable(call, argument, fault);
        }

        policies.Add(targets);
        var answer = policies.Ask(judged.Policies.Authorizer);
        return answer.Refused is { } refused
            ? AdmissibilityGuard.Deny(answer.Ruling, refused) with { Findings = [.. AdmissibilityGuard.Named("policy", answer.Ruling.Policies)] }
            : Verdict.Allowed;
    }
}

/// <summary>What the targets of a call were read from, and which policies permitted them.</summary>
/// <param name="CallId">The call it belongs to.</param>
/// <param name="Content">The content they were read from.</param>
/// <param name="Policies">The policies that judge this call to its end.</param>
internal sealed record JudgedTargets(string CallId, CallContent Content, ActivePolicies Policies);
