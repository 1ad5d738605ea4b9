using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Guardrails;

/// <summary>
/// Does the call fit every guardrail that concerns it? It counts in all of them or in none, as one step of the store, and is given back
/// when it does not happen. One guard asks those that refuse and another, in shadow, those that watch.
/// </summary>
internal sealed partial class GuardrailGuard(
    ImmutableArray<GuardrailUnit> units,
    IGuardrailStore store,
    GuardrailsOptions options,
    TimeProvider time,
    GuardrailMetrics metrics,
    GuardrailStoreHealth health,
    ILogger<GuardrailGuard> logger) : IRequestGuard
{
    /// <summary>What a record says of a call that went on uncounted. Part of the fixed vocabulary of notes.</summary>
    public const string Uncounted = "store lost, not counted";

    /// <summary>What a record says of a rule that a call does not fit. Part of the fixed vocabulary of notes.</summary>
    public const string Violated = "guardrail violated";

    private static readonly TimeSpan s_retryWhenLost = TimeSpan.FromSeconds(1);

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        if (units.IsEmpty)
        {
            return ValueTask.FromResult(Verdict.Allowed);
        }

        var claims = GuardrailUnits.Claims(units, context.Call);
        return claims.Count == 0 ? ValueTask.FromResult(Verdict.Allowed) : InspectAsync(context, claims, cancellationToken);
    }

    private async ValueTask<Verdict> InspectAsync(GuardContext context, List<GuardrailClaim> claims, CancellationToken cancellationToken)
    {
        var remembering = claims.FindAll(claim => claim.Unit.Remembers);
        var call = context.Call;
        if (remembering.Count == 0)
        {
            return Answer(call, Judge(claims, [.. claims.Select(_ => new GuardrailTrack())], call.Id, time.GetUtcNow()));
        }

        Outcome outcome;
        try
        {
            outcome = await AskAsync(claims, remembering, call.Id, cancellationToken);
        }
        catch (Exception lost) when (lost is GuardrailStoreLostException or TimeoutException)
        {
            health.Lost(lost);

            // What looks at the clock alone needs no store.
            var others = claims.FindAll(claim => !claim.Unit.Remembers);
            var shut = Judge(others, [.. others.Select(_ => new GuardrailTrack())], call.Id, time.GetUtcNow());
            return shut.Violations.Count > 0 ? Answer(call, shut)
                : MayGoOn(call, remembering) ? Verdict.Allowed with { Findings = [.. remembering.Select(claim => new Finding(Name(claim.Unit), Note: Uncounted))] }
                : Unavailable();
        }

        if (outcome.Violations.Count == 0)
        {
            context.Scope.Hold(new GuardrailHold(store, remembering, call, options.StoreDeadline, time, metrics, health, logger));
        }

        return Answer(call, outcome);
    }

    private async ValueTask<Outcome> AskAsync(List<GuardrailClaim> claims, List<GuardrailClaim> remembering, string call, CancellationToken cancellationToken)
    {
        TrackKey[] keys = [.. remembering.Select(claim => claim.Key)];
        var asked = store.ChangeAsync(keys, Decide, cancellationToken);
        var outcome = asked.IsCompletedSuccessfully ? asked.Result : await asked.AsTask().WaitAsync(options.StoreDeadline, time, cancellationToken);
        health.Answered();
        return outcome;

        Outcome Decide(IReadOnlyList<GuardrailTrack> tracks, DateTimeOffset now)
        {
            var next = 0;
            return Judge(claims, [.. claims.Select(claim => claim.Unit.Remembers ? tracks[next++] : new GuardrailTrack())], call, now);
        }
    }

    /// <summary>Judges all rules against their tracks and, where the call fits all of them, counts it in all.</summary>
    private static Outcome Judge(List<GuardrailClaim> claims, IReadOnlyList<GuardrailTrack> tracks, string call, DateTimeOffset now)
    {
        List<(GuardrailClaim Claim, Violation Violation, DateTimeOffset? Free)> violations = [];
        for (var i = 0; i < claims.Count; i++)
        {
            if (claims[i].Unit.Judge(tracks[i], claims[i].Actions, call, now) is { } violation)
            {
                violations.Add((claims[i], violation, claims[i].Unit.FreeAt(tracks[i], claims[i].Actions, now)));
            }
        }

        if (violations.Count == 0)
        {
            for (var i = 0; i < claims.Count; i++)
            {
                claims[i].Unit.Take(tracks[i], claims[i].Actions, call, now);
            }

            return new Outcome([], null, now);
        }

        return new Outcome(violations, FreeAt(claims, tracks, now), now);
    }

    /// <summary>The first moment at which all rules let the call through, if nothing else happens.</summary>
    private static DateTimeOffset? FreeAt(List<GuardrailClaim> claims, IReadOnlyList<GuardrailTrack> tracks, DateTimeOffset now)
    {
        const int RoundsMax = 16;
        var free = now;
        for (var round = 0; round < RoundsMax; round++)
        {
            var before = free;
            for (var i = 0; i < claims.Count; i++)
            {
                if (claims[i].Unit.FreeAt(tracks[i], claims[i].Actions, free) is not { } next)
                {
                    return null;
                }

                free = next;
            }

            if (free == before)
            {
                return free;
            }
        }

        return null;
    }

    /// <summary>Each guardrail does what it declares.</summary>
    private bool MayGoOn(GateCall call, List<GuardrailClaim> claims)
    {
        foreach (var set in claims.Select(claim => claim.Unit.Set).Distinct())
        {
            metrics.Lost(call.Principal.Tenant, set);
        }

        return claims.TrueForAll(claim => claim.Unit.Set.OnStoreLoss == GuardrailStoreLoss.Allow);
    }

    private static Verdict.Deny Unavailable() => new(
        Codes.GuardrailStoreLost, "The store of the guardrails is lost, and a guardrail of this call demands it. Try again shortly.", DenialKind.Unavailable)
    {
        RetryAfter = s_retryWhenLost,
    };

    private Verdict Answer(GateCall call, Outcome outcome)
    {
        if (outcome.Violations.Count == 0)
        {
            return Verdict.Allowed;
        }

        foreach (var (claim, violation, _) in outcome.Violations)
        {
            metrics.Refused(call.Principal.Tenant, claim.Unit, violation.Code);
            Log.Refused(logger, violation.Code, claim.Unit.Set.Mode, call.Id, claim.Unit.Set.Id, claim.Unit.Name);
        }

        // The one that takes longest is named; one that never ends before all.
        var (refusing, refusal, _) = outcome.Violations.MaxBy(one => one.Free ?? DateTimeOffset.MaxValue);
        var wait = outcome.Free - outcome.Now;
        var next = wait is { } time
            ? string.Create(CultureInfo.InvariantCulture, $" The next call fits in {Math.Ceiling(time.TotalSeconds)} s.")
            : string.Empty;
        var own = refusal.Message is { } said ? " " + said : string.Empty;
        return new Verdict.Deny(
            refusal.Code,
            $"The guardrail \"{refusing.Unit.Set.Id}\" refuses the call ({refusal.Constraint}): {refusal.Demands} {Per(refusing.Unit.Scope)}.{own}{next}",
            wait is null ? DenialKind.Forbidden : DenialKind.Limited)
        {
            RetryAfter = wait,
            Findings = [.. outcome.Violations.Select(one => new Finding($"{one.Claim.Unit.Set.Id}:{one.Violation.Constraint}", Note: Violated))],
        };
    }

    private static string Name(GuardrailUnit unit) => unit.Set.Id + ":" + unit.Name;

    private static string Per(GuardrailScope scope) => scope == GuardrailScope.Global ? "in all" : "per " + scope.ToString().ToLowerInvariant();

    /// <param name="Violations">Which rules the call does not fit.</param>
    /// <param name="Free">When it would; <see langword="null"/> where waiting does not help.</param>
    /// <param name="Now">The time it was judged by.</param>
    private sealed record Outcome(List<(GuardrailClaim Claim, Violation Violation, DateTimeOffset? Free)> Violations, DateTimeOffset? Free, DateTimeOffset Now);

    private static partial class Log
    {
        [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "{Code} ({Mode}): call {CallId} does not fit the rule {Rule} of the guardrail {Guardrail}.")]
        public static partial void Refused(ILogger logger, string code, GuardrailMode mode, string callId, string guardrail, string rule);
    }
}
