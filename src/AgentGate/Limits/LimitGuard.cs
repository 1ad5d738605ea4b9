using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Limits;

/// <summary>
/// Does the call fit every limit that concerns it? It takes a place in all of them or in none; a call that is refused here
/// takes none, one that a later guard refuses keeps it. Leaves a <see cref="LimitStatus"/>.
/// </summary>
/// <remarks>Loss of the store is the one failure handled here, as each rule declares; anything else closes the gate.</remarks>
internal sealed partial class LimitGuard(
    LimitSet limits,
    ILimitStore store,
    InMemoryLimitStore shares,
    IOptions<LimitsOptions> options,
    LimitMetrics metrics,
    TimeProvider time,
    ILogger<LimitGuard> logger) : IRequestGuard
{
    /// <summary>What a record says of a call that went on uncounted. Part of the fixed vocabulary of notes.</summary>
    public const string Uncounted = "store lost, not counted";

    /// <summary>What a record says of a call that this server counted by itself.</summary>
    public const string LocalShare = "store lost, local share";

    private static readonly TimeSpan s_retryWhenLost = TimeSpan.FromSeconds(1);

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var claims = limits.Claims(context.Call);
        return claims.Length == 0 ? ValueTask.FromResult(Verdict.Allowed) : InspectAsync(context.Scope, claims, cancellationToken);
    }

    private async ValueTask<Verdict> InspectAsync(CallScope scope, LimitClaim[] claims, CancellationToken cancellationToken)
    {
        // A store that hangs may write into these later; they are not read then.
        var counts = new LimitCount[claims.Length];
        try
        {
            var asked = store.TryAcquireAsync(claims, counts, cancellationToken);
            var fits = asked.IsCompletedSuccessfully
                ? asked.Result
                : await asked.AsTask().WaitAsync(options.Value.StoreDeadline, time, cancellationToken);
            return Answer(scope, claims, counts, fits, findings: []);
        }
        catch (Exception lost) when (lost is LimitStoreLostException or TimeoutException)
        {
            return Lost(scope, claims, lost);
        }
    }

    /// <summary>Each rule does what it declares: one that denies denies the call, one with a share counts here, one that allows says so.</summary>
    private Verdict Lost(CallScope scope, ReadOnlySpan<LimitClaim> claims, Exception cause)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        List<LimitClaim> local = [];
        var denied = false;
        foreach (ref readonly var claim in claims)
        {
            var behaviour = claim.Limit.OnStoreLoss;
            metrics.Lost(claim.Limit.Name, behaviour);
            Log.StoreLost(logger, Codes.LimitStoreLost, claim.Limit.Name, behaviour, cause.GetType().FullName);
            denied |= behaviour == StoreLoss.Deny;
            if (behaviour == StoreLoss.LocalShare)
            {
                local.Add(claim with { Limit = limits.Shares[claim.Limit.Index] });
            }

            if (behaviour != StoreLoss.Deny)
            {
                findings.Add(new Finding(claim.Limit.Name, Note: behaviour == StoreLoss.Allow ? Uncounted : LocalShare));
            }
        }

        if (denied)
        {
            return new Verdict.Deny(
                Codes.LimitStoreLost, "The store that counts calls is lost, and a limit of this call demands it. Try again shortly.", DenialKind.Unavailable)
            {
                RetryAfter = s_retryWhenLost,
            };
        }

        var shared = local.ToArray();
        var counts = new LimitCount[shared.Length];
        var fits = shared.Length == 0 || shares.TryAcquire(shared, counts);
        return Answer(scope, shared, counts, fits, findings.ToImmutable());
    }

    private Verdict Answer(
        CallScope scope, ReadOnlySpan<LimitClaim> claims, ReadOnlySpan<LimitCount> counts, bool fits, ImmutableArray<Finding> findings)
    {
        var states = ImmutableArray.CreateBuilder<LimitState>(claims.Length);
        var last = -1;
        for (var i = 0; i < claims.Length; i++)
        {
            var (limit, count) = (claims[i].Limit, counts[i]);
            states.Add(new LimitState(limit.Name, limit.Calls, limit.Window, count.Remaining, count.NextFree, limit.Per != LimitPer.Global));
            if (!count.Fits)
            {
                metrics.Refused(limit.Name);
                last = last < 0 || count.NextFree > counts[last].NextFree ? i : last;
            }
        }

        scope.Set(new LimitStatus(states.MoveToImmutable()));
        if (fits)
        {
            return findings.IsEmpty ? Verdict.Allowed : Verdict.Allowed with { Findings = findings };
        }

        // Of several limits the one that takes longest is named: before its time no retry can help.
        var (refusing, wait) = (claims[last].Limit, counts[last].NextFree);
        var seconds = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return new Verdict.Deny(
            Codes.LimitReached,
            $"The limit \"{refusing.Name}\" is reached: {refusing.Described}. The next call fits in {seconds} s.",
            DenialKind.Limited)
        {
            RetryAfter = wait,
            Findings = [.. findings, .. Reached(claims, counts)],
        };
    }

    private static List<Finding> Reached(ReadOnlySpan<LimitClaim> claims, ReadOnlySpan<LimitCount> counts)
    {
        List<Finding> reached = [];
        for (var i = 0; i < claims.Length; i++)
        {
            if (!counts[i].Fits)
            {
                reached.Add(new Finding(claims[i].Limit.Name, Note: "limit reached"));
            }
        }

        return reached;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "{Code}: the store of the counts is lost ({Cause}); the limit {Rule} does what it declares: {Behaviour}.")]
        public static partial void StoreLost(ILogger logger, string code, string rule, StoreLoss behaviour, string? cause);
    }
}
