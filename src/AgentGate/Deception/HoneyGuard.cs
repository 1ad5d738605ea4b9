using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Deception;

/// <summary>
/// Does the call touch a honey token? Then it is denied, told of, and its principal degraded: that one and no other, because a
/// token that stands there and is not touched is no concern of anybody's call.
/// </summary>
internal sealed partial class HoneyGuard(
    HoneyRegistry registry, IHoneyStore store, ICallTargets targets, IIdSource ids, TimeProvider time, HoneyMetrics metrics, ILogger<HoneyGuard> logger,
    IGateEvents? events = null, IGrantKnowledge? grants = null) : IRequestGuard
{
    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var call = context.Call;
        if (registry.IsAnybodyFlagged && Degraded(call) is { } denied)
        {
            return ValueTask.FromResult<Verdict>(denied);
        }

        if (registry.Of(call.Principal.Tenant).Count > 0)
        {
            context.Scope.Set(new HoneyLooked(call.Id, call.Content));
        }

        return LookAsync(context);
    }

    /// <summary>Looks for tokens in the call as it is now.</summary>
    internal ValueTask<Verdict> LookAsync(GuardContext context)
        => registry.Of(context.Call.Principal.Tenant).Find(context.Call, targets) is { } hit
            ? TouchedAsync(context, hit)
            : ValueTask.FromResult<Verdict>(Verdict.Allowed);

    private Verdict.Deny? Degraded(GateCall call)
    {
        var tenant = call.Principal.Tenant;
        if (registry.StandingOf(tenant, call.Principal.Id) >= HoneySeverity.Denied)
        {
            return new Verdict.Deny(
                Codes.PrincipalSuspended, "This principal is suspended. An operator of the tenant must clear it.", DenialKind.Forbidden);
        }

        return call.Context.DelegationRef is { } leaf && grants is not null && RestsOnSuspended(tenant, call.Principal.Id, leaf, grants)
            ? new Verdict.Deny(
                Codes.GrantsSuspended, "The grant rests on a principal whose delegated authority is suspended. An operator of the tenant must clear it.",
                DenialKind.Forbidden)
            : null;
    }

    private bool RestsOnSuspended(string tenant, string principal, string leaf, IGrantKnowledge known)
        => registry.StandingOf(tenant, principal) >= HoneySeverity.GrantsSuspended
            || GrantChain.Follow(leaf, known.Current(tenant)).Chain.Any(grant =>
                registry.StandingOf(tenant, grant.Principal) >= HoneySeverity.GrantsSuspended
                || registry.StandingOf(tenant, grant.Delegate) >= HoneySeverity.GrantsSuspended);

    private async ValueTask<Verdict> TouchedAsync(GuardContext context, HoneyHit hit)
    {
        var (call, token) = (context.Call, hit.Token);
        var severity = HoneySeverity.Of(token.Type, hit.IsDeletion);
        var now = time.GetUtcNow();

        // In force before anything that can fail: the next call of this principal meets it already.
        registry.Raise(call.Principal.Tenant, call.Principal.Id, severity);
        context.Scope.Set(new HoneyTouch(call.Id, token.Id));
        metrics.Touched(token.Type, severity);
        Log.Touched(logger, token.Id, token.Type.Word(), call.Principal.Id, call.Principal.Tenant, call.Id, HoneySeverity.Word(severity));
        Tell(call, token, severity, now);

        // Whoever touches a token and hangs up leaves its trace all the same.
        await store.AddTriggerAsync(
            new HoneyTrigger(ids.NewId(), call.Principal.Tenant, token.Id, token.Type, call.Principal.Id, call.Id, now, severity), CancellationToken.None);
        registry.Stored(call.Principal.Tenant, call.Principal.Id);
        return new Verdict.Deny(Codes.HoneyTouched, "The call is not permitted.", DenialKind.Forbidden)
        {
            Findings = [new Finding("honey-token", hit.Address, 1, token.Id)],
        };
    }

    /// <summary>Whoever listens cannot change what happens, nor fail it.</summary>
    private void Tell(GateCall call, HoneyToken token, int severity, DateTimeOffset now)
    {
        try
        {
            events?.Publish(new GateEvent(
                call.Principal.Tenant, call.Principal.Id, call.Id, call.ParentId, now, new GateFact.Alerted(Codes.HoneyTouched, token.Id, severity)));
        }
        catch (Exception failure)
        {
            Log.NotTold(logger, token.Id, failure.GetType().FullName);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1310, LogLevel.Critical, Codes.HoneyTouched + ": the honey token {Token} ({Type}) was touched by the principal {Principal} of the tenant {Tenant} in the call {CallId}, which was denied. The principal: {Standing}.")]
        public static partial void Touched(ILogger logger, string token, string type, string principal, string tenant, string callId, string standing);

        [LoggerMessage(1318, LogLevel.Error, "The alert of the honey token {Token} was not told: {Failure}")]
        public static partial void NotTold(ILogger logger, string token, string? failure);
    }
}
