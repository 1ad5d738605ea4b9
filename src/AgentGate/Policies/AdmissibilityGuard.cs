using System.Collections.Immutable;
using AgentGate.Cedar.Evaluation;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Policies.Targets;
using Microsoft.Extensions.Logging;

namespace AgentGate.Policies;

/// <summary>
/// Is the call admissible? Everything it needs must be permitted by the tenant's policies, also what a tool would do to each
/// target its arguments name; tools the principal may never call are taken out of the definitions the model is shown; and
/// for a tool call it is settled whether its arguments may get values back.
/// </summary>
internal sealed partial class AdmissibilityGuard(
    PolicyRegistry registry, PolicyEntities entities, IToolCatalog tools, PolicyMetrics metrics, ILogger<AdmissibilityGuard> logger) : IRequestGuard
{
    /// <summary>The most policies that one record names.</summary>
    private const int NamedMax = 16;

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
        => ValueTask.FromResult(Inspect(CallFacts.On(context), context.Scope));

    private Verdict Inspect(GateCall call, CallScope scope)
    {
        // Asked once: a version that is activated meanwhile judges the next call.
        var active = registry.Current(call.Principal.Tenant);
        var policies = new CallPolicies(call, entities);
        if (policies.Add() is { } unclear)
        {
            return new Verdict.Deny(
                Codes.Forbidden, $"The name that {unclear} is asked on can be spelled in more than one way, so no policy can be held against it.", DenialKind.Forbidden);
        }

        var restores = policies.MayRestore(active.Authorizer);
        ImmutableArray<TargetRequest> targets = [];
        if (call.Action == GateActions.CallTool)
        {
            if (TargetReader.Read(call, tools.ArgumentsOf(call.Resource.Id), restores, out targets) is var (argument, fault))
            {
                return Unreadable(call, argument, fault, policies, active);
            }

            policies.Add(targets);
            scope.Set(new RestorePermit(call.Id, restores));
        }

        var verdict = Judge(call, policies, active, restores);
        if (!targets.IsEmpty && verdict is not Verdict.Deny)
        {
            scope.Set(new JudgedTargets(call.Id, call.Content, active));
        }

        return verdict;
    }

    private Verdict Judge(GateCall call, CallPolicies policies, ActivePolicies active, bool restores)
    {
        var answer = policies.Ask(active.Authorizer);
        var removed = answer.Refused is null ? policies.Uncallable(active.Authorizer) : [];
        ImmutableArray<Finding> findings =
        [
            .. Named("policy", answer.Ruling.Policies),
            .. Broken("policy.error", answer.Ruling.Errors, active, call),
            .. removed.IsEmpty ? [] : new[] { new Finding("tool", "/tools", removed.Length, "definition removed") },
            .. Shadow(call, policies, active, answer, removed, restores),
        ];
        return answer.Refused is { } refused ? Deny(answer.Ruling, refused) with { Findings = findings }
            : removed.IsEmpty ? new Verdict.Allow { Findings = findings }
            : new Verdict.Transform([.. removed.Select(static name => new ContentChange.RemoveTool(name))]) { Findings = findings };
    }

    /// <summary>What no policy forbids by itself is denied for its argument; what one forbids is denied by that.</summary>
    private static Verdict.Deny Unreadable(GateCall call, string argument, string fault, CallPolicies policies, ActivePolicies active)
    {
        var answer = policies.Ask(active.Authorizer);
        return answer.Refused is { } refused
            ? Deny(answer.Ruling, refused) with { Findings = [.. Named("policy", answer.Ruling.Policies)] }
            : Unreadable(call, argument, fault);
    }

    /// <summary>The denial of an argument that cannot be read as what it is declared to be.</summary>
    internal static Verdict.Deny Unreadable(GateCall call, string argument, string fault)
        => new(
            Codes.TargetUnreadable,
            $"The argument \"{argument}\" of Tool \"{Spelling.OnRecord(call.Resource.Id)}\" names something policies decide about, and cannot be read: {fault}.",
            DenialKind.Invalid);

    internal static Verdict.Deny Deny(PolicyRuling ruling, CallPolicies.Asked asked)
    {
        var names = ruling.Policies.Length == 1 ? $"policy {Quoted(ruling.Policies)}" : $"policies {Quoted(ruling.Policies)}";
        var (code, reason) = ruling.Code switch
        {
            Codes.Forbidden => (Codes.Forbidden, $"The {names} {(ruling.Policies.Length == 1 ? "forbids" : "forbid")} {asked.Action} on {asked.Resource}."),
            Codes.PolicyFailed => (Codes.PolicyFailed, $"The {names} could not be evaluated for {asked.Action} on {asked.Resource}, and a forbid that fails forbids."),
            _ => (Codes.NotPermitted, $"No policy permits {asked.Action} on {asked.Resource}; an operator can add one under AgentGate:Policies:Permit."),
        };

        // A tool that a request for a model names beside it is one the model is forced to call.
        return new Verdict.Deny(asked.IsForced ? Codes.ForcedToolForbidden : code, reason, DenialKind.Forbidden) { Policies = Safe(ruling.Policies) };
    }

    /// <summary>What the set beside the active one would have done, where that is something else.</summary>
    private IEnumerable<Finding> Shadow(
        GateCall call, CallPolicies policies, ActivePolicies active, PolicyAnswer answer, ImmutableArray<string> removed, bool restores)
    {
        if (active.Shadow is not { } shadow)
        {
            return [];
        }

        var other = policies.Ask(shadow.Authorizer);
        var (denies, wouldDeny) = (answer.Refused is not null, other.Refused is not null);
        var note = denies != wouldDeny ? (wouldDeny ? $"would deny {other.Ruling.Code}" : "would allow")
            : wouldDeny ? null
            : !policies.Uncallable(shadow.Authorizer).SequenceEqual(removed) ? "would remove other tools"
            : policies.MayRestore(shadow.Authorizer) != restores ? (restores ? "would not restore" : "would restore")
            : null;
        if (note is null)
        {
            return Broken("shadow.error", other.Ruling.Errors, shadow, call);
        }

        metrics.Differs(wouldDeny);
        Log.ShadowDiffers(logger, call.Id, shadow.Version, note, Quoted(other.Ruling.Policies));
        return [new Finding("shadow", null, 1, note), .. Named("shadow.policy", other.Ruling.Policies), .. Broken("shadow.error", other.Ruling.Errors, shadow, call)];
    }

    internal static IEnumerable<Finding> Named(string rule, ImmutableArray<string> policies)
        => policies.IsDefaultOrEmpty ? [] : Safe(policies).Select(policy => new Finding(rule, null, 1, policy));

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

        return Named(rule, [.. errors.Select(static error => error.PolicyId).Distinct(StringComparer.Ordinal)]);
    }

    private static string Quoted(ImmutableArray<string> policies) => policies.IsDefaultOrEmpty ? "" : string.Join(", ", Safe(policies).Select(static id => $"\"{id}\""));

    private static ImmutableArray<string> Safe(ImmutableArray<string> policies)
        => policies.IsDefaultOrEmpty ? [] : [.. policies.Take(NamedMax).Select(Spelling.OnRecord)];

    private static partial class Log
    {
        [LoggerMessage(EventId = 1207, Level = LogLevel.Error, Message = "{Code}: the policy {Policy} of version {Version} could not be evaluated ({Kind}) in call {CallId}.")]
        public static partial void PolicyFailed(ILogger logger, string code, string policy, string version, EvaluationErrorKind kind, string callId);

        [LoggerMessage(EventId = 1208, Level = LogLevel.Information, Message = "Call {CallId}: the shadow policies of version {Version} {Note} ({Policies}).")]
        public static partial void ShadowDiffers(ILogger logger, string callId, string version, string note, string policies);
    }
}
