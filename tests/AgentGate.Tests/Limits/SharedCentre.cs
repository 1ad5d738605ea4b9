using AgentGate.Limits;

namespace AgentGate.Tests.Limits;

/// <summary>What a shared store does, in process: it grants the centre of each rule, can be lost, and can forget.</summary>
internal sealed class SharedCentre(LimitFixture limits) : ILimitStore
{
    private InMemoryLimitStore _store = New(limits);
    private long _forgotAt = long.MinValue;

    public bool IsLost { get; set; }

    /// <summary>Whether it knows its counts, unless it forgot them.</summary>
    public bool Knows { get; set; } = true;

    /// <summary>All counts are gone; each rule is unknown until its window has passed.</summary>
    public void Forget() => (_store, _forgotAt) = (New(limits), limits.Time.GetTimestamp());

    public ValueTask<bool> TryAcquireAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken)
    {
        if (IsLost)
        {
            throw new LimitStoreLostException("lost");
        }

        var unknown = claims.ToArray().Select(claim => !Knows
            || (_forgotAt != long.MinValue && limits.Time.GetElapsedTime(_forgotAt) < claim.Limit.Window + (claim.Limit.Window / SlidingWindow.Slots))).ToArray();
        var refused = claims.ToArray().Where((claim, index) => unknown[index] && claim.Limit.OnStoreLoss != StoreLoss.Allow).Any();
        var known = claims.ToArray().Where((_, index) => !unknown[index]).ToArray();
        var answers = new LimitCount[known.Length];
        var fits = known.Length == 0 || (refused ? known.All(claim => Peek(claim)) : _store.TryAcquire(known, answers));
        for (int i = 0, next = 0; i < claims.Length; i++)
        {
            counts.Span[i] = unknown[i]
                ? new LimitCount(0, TimeSpan.Zero, claims.Span[i].Limit.OnStoreLoss == StoreLoss.Allow) { IsUnknown = true }
                : refused ? new LimitCount(0, TimeSpan.Zero, Peek(known[next++])) : answers[next++];
        }

        return new(fits && !refused);
    }

    private bool Peek(in LimitClaim claim)
    {
        var fits = _store.TryAcquire([claim], new LimitCount[1]);
        if (fits)
        {
            _store.TakeBack([claim]);
        }

        return fits;
    }

    private static InMemoryLimitStore New(LimitFixture limits)
        => limits.NewStore([.. limits.Set.All.Select((limit, index) => new Limit(limits.Options.Value.Rules[index], index, limit.Centre))]);
}

/// <summary>A seat that may be used or not.</summary>
internal sealed class Seat(bool mayGrant) : ILimitSeat
{
    public bool IsFree { get; set; } = mayGrant;

    public bool MayGrant(Limit limit) => IsFree;
}
