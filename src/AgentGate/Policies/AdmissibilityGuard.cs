using System.Collections.Immutable;
using AgentGate.Cedar.Evaluation;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;
using Microsoft.Extensions.Logging;

namespace AgentGate.Policies;

/// <summary>
/// Is the call admissible? The theorem decides (docs/formats/certificate.md): the chain the caller acts under holds, everything the call
/// needs is permitted by the tenant's policies, also what a tool would do to each target its arguments name, and every
/// obligation is fulfilled. Tools the principal may never call are taken out of the definitions the model is shown; and for a
/// tool call it is settled whether its arguments may get values back.
/// </summary>
internal sealed partial class AdmissibilityGuard(
    PolicyRegistry registry,
    PolicyEntities entities,
    IToolCatalog tools,
    PolicyMetrics metrics,
    ILogger<AdmissibilityGuard> logger,
    KnowledgeEpochs epochs,
    IAttestedFacts? facts = null,
    ApprovalsInstalled? approvals = null) : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var (call, scope) = (CallFacts.On(context), context.Scope);

        // Asked once: a version that is activated meanwhile judges the next call.
        var active = registry.Current(call.Principal.Tenant);
        var epoch = epochs.Of(call.Principal.Tenant, active);
        var policies = new CallPolicies(call, entities, ActingFor.Of(call, epoch.Knowledge.Grants));
        if (policies.Add() is { } unclear)
        {
            return ValueTask.FromResult<Verdict>(new Verdict.Deny(
                Codes.Forbidden, $"The name that {unclear} is asked on can be spelled in more than one way, so no policy can be held against it.", DenialKind.Forbidden));
        }

        var restores = policies.MayRestore(active.Authorizer, epoch.Knowledge.Settings);
        ImmutableArray<TargetRequest> targets = [];
        Verdict.Deny? unreadable = null;
        if (call.Action == GateActions.CallTool)
        {
            if (TargetReader.Read(call, tools.ArgumentsOf(call.Resource.Id), restores, out targets) is var (argument, fault))
            {
                unreadable = Unreadable(call, argument, fault);
            }
            else
            {
                policies.Add(targets);
                scope.Set(new RestorePermit(call.Id, restores));
            }
        }

        if (AdmissibilityQuery.Of(call, policies, epoch, []) is not { } query)
        {
            return ValueTask.FromResult<Verdict>(AdmissibilityDenial.TooMuch);
        }

        var asked = new Inspection(call, scope, policies, active, restores, !targets.IsEmpty, unreadable);

        // Only what is demanded is looked up, so that most calls ask no store.
        return facts is null || query.Evidence.Proof.Unmet.IsDefaultOrEmpty
            ? ValueTask.FromResult(Conclude(asked, query))
            : AttestAsync(asked, query, cancellationToken);
    }

    private async ValueTask<Verdict> AttestAsync(Inspection asked, AdmissibilityQuery query, CancellationToken cancellationToken)
    {
        var attestations = await facts!.OfAsync(asked.Call, asked.Scope, cancellationToken);
        return Conclude(asked, attestations.IsDefaultOrEmpty
            ? query
            : query.With([.. attestations.OrderBy(static attestation => attestation.Obligation, StringComparer.Ordinal)]));
    }

    private Verdict Conclude(Inspection asked, AdmissibilityQuery query)
    {
        asked.Scope.Set(query.Evidence);
        var verdict = Judge(asked, query);
        if (asked.HasTargets && verdict is Verdict.Allow or Verdict.Transform)
        {
            asked.Scope.Set(new JudgedTargets(asked.Call.Id, asked.Call.Content, query));
        }

        return verdict;
    }

    private Verdict Judge(Inspection asked, AdmissibilityQuery query)
    {
        var (call, _, policies, active, restores, _, unreadable) = asked;
        var proof = query.Evidence.Proof;
        if (proof.LineageReason is { } broken)
        {
            return AdmissibilityDenial.Lineage(broken);
        }

        if (GrantorForbids.Hinder(call, query.Evidence.Epoch.Knowledge.Grants, active.Authorizer))
        {
            return AdmissibilityDenial.GrantorsUnknown;
        }

        // The theorem says which request is refused; the policies that did it are named by asking that one again.
        var answer = query.Refused is { } refused ? new PolicyAnswer(PolicyRuling.Of(active.Authorizer, refused), refused) : Permitted(proof);
        if (unreadable is not null)
        {
            // What one policy forbids is denied by that; what none forbids by itself, for its argument.
            return answer.Refused is null ? unreadable
                : AdmissibilityDenial.Of(answer.Ruling, answer.Refused) with { Findings = [.. AdmissibilityDenial.Named("policy", answer.Ruling.Policies)] };
        }

        var unmet = answer.Refused is null ? AdmissibilityDenial.Of(proof, approvals is not null, query.Evidence.Epoch.Knowledge.Settings.Quorum is not null) : null;
        ImmutableArray<Finding> waits = [];
        if (unmet is Verdict.Hold(var code, var reason))
        {
            // The other guards are asked first; the call is held by the last of them.
            asked.Scope.Set(new ApprovalDemand(call.Id, code, reason));
            (waits, unmet) = (unmet.Findings, null);
        }

        var removed = answer.Refused is null && unmet is null ? policies.Uncallable(active.Authorizer) : [];
        ImmutableArray<Finding> findings =
        [
            .. AdmissibilityDenial.Named("policy", answer.Ruling.Policies),
            .. Broken("policy.error", answer.Ruling.Errors, active, call),
            .. removed.IsEmpty ? [] : new[] { new Finding("tool", "/tools", removed.Length, "definition removed") },
            .. unmet?.Findings ?? waits,
            .. unmet is null ? Shadow(asked, answer, removed, query.Evidence.Epoch.Knowledge.Settings) : [],
        ];
        return answer.Refused is not null ? AdmissibilityDenial.Of(answer.Ruling, answer.Refused) with { Findings = findings }
            : unmet is not null ? unmet with { Findings = findings }
            : removed.IsEmpty ? new Verdict.Allow { Findings = findings }
            : new Verdict.Transform([.. removed.Select(static name => new ContentChange.RemoveTool(name))]) { Findings = findings };
    }

    /// <summary>What permits the call's own request, with the errors of all.</summary>
    private static PolicyAnswer Permitted(AdmissibilityProof proof)
        => new(new PolicyRuling(null, proof.Permits[0].Policies, [.. proof.Errors.Select(static failed => failed.Error)]), null);

    /// <summary>The denial of an argument that cannot be read as what it is declared to be.</summary>
    internal static Verdict.Deny Unreadable(GateCall call, string argument, string fault)
        => new(
            Codes.TargetUnreadable,
            $"The argument \"{argument}\" of Tool \"{Spelling.OnRecord(call.Resource.Id)}\" names something policies decide about, and cannot be read: {fault}.",
            DenialKind.Invalid);

    /// <summary>What the set beside the active one would have done, where that is something else.</summary>
    private IEnumerable<Finding> Shadow(
        Inspection asked, PolicyAnswer answer, ImmutableArray<string> removed, AdmissibilitySettings settings)
    {
        var (call, _, policies, active, restores, _, _) = asked;
        if (active.Shadow is not { } shadow)
        {
            return [];
        }

        var other = policies.Ask(shadow.Authorizer);
        var (denies, wouldDeny) = (answer.Refused is not null, other.Refused is not null);
        var note = denies != wouldDeny ? (wouldDeny ? $"would deny {other.Ruling.Code}" : "would allow")
            : wouldDeny ? null
            : !policies.Uncallable(shadow.Authorizer).SequenceEqual(removed) ? "would remove other tools"
            : policies.MayRestore(shadow.Authorizer, settings) != restores ? (restores ? "would not restore" : "would restore")
            : null;
        if (note is null)
        {
            return Broken("shadow.error", other.Ruling.Errors, shadow, call);
        }

        metrics.Differs(wouldDeny);
        Log.ShadowDiffers(logger, call.Id, shadow.Version, note, AdmissibilityDenial.Quoted(other.Ruling.Policies));
        return [new Finding("shadow", null, 1, note), .. AdmissibilityDenial.Named("shadow.policy", other.Ruling.Policies), .. Broken("shadow.error", other.Ruling.Errors, shadow, call)];
    }

    private IEnumerable<Finding> Broken(string rule, ImmutableArray<EvaluationError> errors, ActivePolicies policies, GateCall call)
    {
        if (errors.IsDefaultOrEmpty)
        {
            return [];
        }

        // The message may quote a value of the call; the kind says enough.
        foreach (var error in errors)
        {
            metrics.Error(error.Kind.ToString());
            Log.PolicyFailed(logger, Codes.PolicyFailed, Spelling.OnRecord(error.PolicyId), policies.Version, error.Kind, call.Id);
        }

        return AdmissibilityDenial.Named(rule, [.. errors.Select(static error => error.PolicyId).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>One call in this guard.</summary>
    private sealed record Inspection(
        GateCall Call, CallScope Scope, CallPolicies Policies, ActivePolicies Active, bool Restores, bool HasTargets, Verdict.Deny? Unreadable);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1207, Level = LogLevel.Error, Message = "{Code}: the policy {Policy} of version {Version} could not be evaluated ({Kind}) in call {CallId}.")]
        public static partial void PolicyFailed(ILogger logger, string code, string policy, string version, EvaluationErrorKind kind, string callId);

        [LoggerMessage(EventId = 1208, Level = LogLevel.Information, Message = "Call {CallId}: the shadow policies of version {Version} {Note} ({Policies}).")]
        public static partial void ShadowDiffers(ILogger logger, string callId, string version, string note, string policies);
    }
}
