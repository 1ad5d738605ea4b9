using AgentGate.Limits;

namespace AgentGate.Tests.Limits;

/// <summary>The naive limiter the fast one is held against: it remembers every call there ever was.</summary>
internal sealed class ReferenceLog(long frequency)
{
    private readonly Dictionary<(int Limit, LimitKey Key), List<long>> _calls = [];

    public void Add(ReadOnlySpan<LimitClaim> claims, long at)
    {
        foreach (ref readonly var claim in claims)
        {
            Of(claim).Add(at);
        }
    }

    /// <summary>How many calls of a count lie in the window that ends now, or in one that is longer.</summary>
    public int Live(in LimitClaim claim, long now, long longer = 0)
    {
        var (calls, horizon, live) = (Of(claim), now - Window(claim) - longer, 0);
        for (var i = calls.Count - 1; i >= 0 && calls[i] > horizon; i--)
        {
            live += calls[i] <= now ? 1 : 0;
        }

        return live;
    }

    /// <summary>How long until a count has a place: when so many of its calls have left that fewer than the limit remain.</summary>
    public long UntilFree(in LimitClaim claim, long now)
    {
        var calls = Of(claim);
        return calls.Count < claim.Limit.Calls ? 0 : Math.Max(0, calls[^claim.Limit.Calls] + Window(claim) - now);
    }

    /// <summary>Whether no window anywhere, ending anywhere, holds more calls than its limit has.</summary>
    public void AssertNeverOver(IReadOnlyList<Limit> limits)
    {
        foreach (var ((index, _), calls) in _calls)
        {
            var limit = limits[index];
            calls.Sort();
            for (var i = limit.Calls; i < calls.Count; i++)
            {
                Assert.True(
                    calls[i] - calls[i - limit.Calls] >= Ticks(limit),
                    $"{limit.Described}: {limit.Calls + 1} calls within {calls[i] - calls[i - limit.Calls]} ticks");
            }
        }
    }

    /// <summary>What a call may count longer than its window: nothing where the window is exact.</summary>
    public long Slack(Limit limit) => limit.Calls <= SlidingWindow.Slots + 1 ? 0 : (Ticks(limit) / SlidingWindow.Slots) + 1;

    private long Window(in LimitClaim claim) => Ticks(claim.Limit);

    private long Ticks(Limit limit) => (long)limit.Window.TotalSeconds * frequency;

    private List<long> Of(in LimitClaim claim)
        => _calls.TryGetValue((claim.Limit.Index, claim.Key), out var calls) ? calls : _calls[(claim.Limit.Index, claim.Key)] = [];
}
