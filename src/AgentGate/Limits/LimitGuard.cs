using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Limits;

/// <summary>
/// Does the call fit every limit that concerns it? It takes a place in all of them or in none; a call that is refused here
/// takes none, one that a later guard refuses keeps it. Leaves a <see cref="LimitStatus"/>.
/// </summary>
/// <remarks>
/// Loss of the store is the one failure handled here, as each rule declares; anything else closes the gate. Where servers share a
/// store, <paramref name="seat"/> says whether this one may use its share: a rule with shares uses it when the store has none left.
/// </remarks>
internal sealed class LimitGuard(
    LimitSet limits,
    ILimitStore store,
    InMemoryLimitStore shares,
    IOptions<LimitsOptions> options,
    LimitMetrics metrics,
    TimeProvider time,
    LimitStoreHealth health,
    ILimitSeat? seat = null) : IRequestGuard
{
    /// <summary>What a record says of a call that went on uncounted. Part of the fixed vocabulary of notes.</summary>
    public const string Uncounted = "store lost, not counted";

    /// <summary>What a record says of a call that this server counted by itself.</summary>
    public const string LocalShare = "store lost, local share";

    private static readonly TimeSpan s_retryWhenLost = TimeSpan.FromSeconds(1);

    public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
    {
        var claims = limits.Claims(context.Call);
        return claims.Length == 0 ? ValueTask.FromResult(Verdict.Allowed) : InspectAsync(context.Call.Principal.Tenant, context.Scope, claims, cancellationToken);
    }

    private async ValueTask<Verdict> InspectAsync(string tenant, CallScope scope, LimitClaim[] claims, CancellationToken cancellationToken)
    {
        // A store that hangs may write into these later; they are not read then.
        var counts = new LimitCount[claims.Length];
        try
        {
            var fits = await AskAsync(claims, counts, cancellationToken);
            return fits && !counts.Any(count => count.IsUnknown) ? Answer(tenant, scope, claims, counts, fits, findings: [])
                : await BesideAsync(tenant, scope, claims, counts, fits, cancellationToken);
        }
        catch (Exception lost) when (lost is LimitStoreLostException or TimeoutException)
        {
            health.Lost(lost);
            return Lost(tenant, scope, claims);
        }
    }

    private async ValueTask<bool> AskAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken)
    {
        var asked = store.TryAcquireAsync(claims, counts, cancellationToken);
        var fits = asked.IsCompletedSuccessfully
            ? asked.Result
            : await asked.AsTask().WaitAsync(options.Value.StoreDeadline, time, cancellationToken);
        health.Answered();
        return fits;
    }

    /// <summary>
    /// What the store alone cannot grant: rules whose counts it does not know do what they declare for a loss, and rules with shares
    /// that have nothing left there use this server's share. The share is taken first and given back if the store then refuses the rest.
    /// </summary>
    private async ValueTask<Verdict> BesideAsync(string tenant, CallScope scope, LimitClaim[] claims, LimitCount[] counts, bool fits, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        List<(int Index, LimitClaim Claim)> own = [];
        var (denied, refused) = (false, false);
        for (var i = 0; i < claims.Length; i++)
        {
            var (limit, count) = (claims[i].Limit, counts[i]);
            if (count.IsUnknown)
            {
                metrics.Lost(tenant, limit.Name, limit.OnStoreLoss);
                if (limit.OnStoreLoss != StoreLoss.Deny)
                {
                    findings.Add(new Finding(limit.Name, Note: limit.OnStoreLoss == StoreLoss.Allow ? Uncounted : LocalShare));
                }
            }

            if (!count.Fits && limit.OnStoreLoss == StoreLoss.LocalShare && seat?.MayGrant(limit) is true)
            {
                own.Add((i, claims[i] with { Limit = limits.Shares[limit.Index] }));
            }
            else
            {
                denied |= count.IsUnknown && limit.OnStoreLoss != StoreLoss.Allow;
                refused |= !count.Fits && !count.IsUnknown;
            }
        }

        if (denied)
        {
            return Unavailable();
        }

        if (fits || refused)
        {
            return Answer(tenant, scope, claims, counts, fits, [.. findings]);
        }

        LimitClaim[] taken = [.. own.Select(one => one.Claim)];
        var takenCounts = new LimitCount[taken.Length];
        fits = shares.TryAcquire(taken, takenCounts);
        foreach (var ((index, _), count) in own.Zip(takenCounts))
        {
            // The next call fits where there is room first: here, or in the store.
            var next = counts[index].IsUnknown || counts[index].NextFree <= TimeSpan.Zero || count.NextFree < counts[index].NextFree ? count.NextFree : counts[index].NextFree;
            counts[index] = count with { NextFree = next };
        }

        int[] rest = [.. Enumerable.Range(0, claims.Length).Where(index => !own.Exists(one => one.Index == index))];
        if (!fits || rest.Length == 0)
        {
            return Answer(tenant, scope, claims, counts, fits, [.. findings]);
        }

        var restCounts = new LimitCount[rest.Length];
        try
        {
            fits = false;
            fits = await AskAsync(rest.Select(index => claims[index]).ToArray(), restCounts, cancellationToken);
        }
        finally
        {
            if (!fits)
            {
                shares.TakeBack(taken);
            }
        }

        foreach (var (index, count) in rest.Zip(restCounts))
        {
            counts[index] = count;
        }

        return !fits && restCounts.Any(count => count.IsUnknown) ? Unavailable() : Answer(tenant, scope, claims, counts, fits, [.. findings]);
    }

    /// <summary>Each rule does what it declares: one that denies denies the call, one with a share counts here, one that allows says so.</summary>
    private Verdict Lost(string tenant, CallScope scope, ReadOnlySpan<LimitClaim> claims)
    {
        var findings = ImmutableArray.CreateBuilder<Finding>();
        List<LimitClaim> local = [];
        var denied = false;
        foreach (ref readonly var claim in claims)
        {
            var behaviour = claim.Limit.OnStoreLoss;
            metrics.Lost(tenant, claim.Limit.Name, behaviour);
            denied |= behaviour == StoreLoss.Deny;
            if (behaviour == StoreLoss.LocalShare)
            {
                denied |= seat?.MayGrant(claim.Limit) is false;
                local.Add(claim with { Limit = limits.Shares[claim.Limit.Index] });
            }

            if (behaviour != StoreLoss.Deny)
            {
                findings.Add(new Finding(claim.Limit.Name, Note: behaviour == StoreLoss.Allow ? Uncounted : LocalShare));
            }
        }

        if (denied)
        {
            return Unavailable();
        }

        var shared = local.ToArray();
        var counts = new LimitCount[shared.Length];
        var fits = shared.Length == 0 || shares.TryAcquire(shared, counts);
        return Answer(tenant, scope, shared, counts, fits, findings.ToImmutable());
    }

    private static Verdict.Deny Unavailable() => new(
        Codes.LimitStoreLost, "The store that counts calls is lost, and a limit of this call demands it. Try again shortly.", DenialKind.Unavailable)
    {
        RetryAfter = s_retryWhenLost,
    };

    private Verdict Answer(
        string tenant, CallScope scope, ReadOnlySpan<LimitClaim> claims, ReadOnlySpan<LimitCount> counts, bool fits, ImmutableArray<Finding> findings)
    {
        var states = ImmutableArray.CreateBuilder<LimitState>(claims.Length);
        var last = -1;
        for (var i = 0; i < claims.Length; i++)
        {
            var (limit, count) = (claims[i].Limit, counts[i]);
            states.Add(new LimitState(limit.Name, limit.Calls, limit.Window, count.Remaining, count.NextFree, limit.Per != LimitPer.Global));
            if (!count.Fits)
            {
                metrics.Refused(tenant, limit.Name);
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
}
