using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using static AgentGate.Tests.Limits.LimitFixture;

namespace AgentGate.Tests.Limits;

/// <summary>Servers that share a store and lose it: whatever is lost when, together they never pass the limit in any window.</summary>
public sealed class LocalShareLawTests
{
    [Fact]
    public async Task However_the_store_is_lost_and_returns_no_window_holds_more_than_the_limit()
    {
        for (var seed = 0; seed < LawSize.Schedules; seed++)
        {
            await RunAsync(seed);
        }
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var servers = random.Next(1, 5);
        var rule = Rule("r", random.Next(servers, random.Next(2) == 0 ? 12 : 150), LimitPer.Key, random.Next(1, 61));
        rule.OnStoreLoss = StoreLoss.LocalShare;
        var limits = new LimitFixture(new LimitsOptions { Servers = servers }, rule, Rule("other", random.Next(1, 300), LimitPer.Tenant, random.Next(1, 61)));
        limits.Options.Value.Rules[1].OnStoreLoss = random.Next(2) == 0 ? StoreLoss.Allow : StoreLoss.LocalShare;
        if (limits.Options.Value.Rules[1].Calls < servers)
        {
            limits.Options.Value.Rules[1].OnStoreLoss = StoreLoss.Allow;
        }

        // The behaviours were changed after the set was made: make it anew.
        limits = new LimitFixture(new LimitsOptions { Servers = servers }, [.. limits.Options.Value.Rules]);
        var centre = new SharedCentre(limits);
        var seats = new (int Holder, long FreedAt)[servers];
        Array.Fill(seats, (-1, long.MinValue));
        List<Server> alive = [.. Enumerable.Range(0, servers + random.Next(2)).Select(number => new Server(number, limits, centre, seats))];
        var next = alive.Count;
        List<long> granted = [];
        for (var step = 0; step < 120; step++)
        {
            switch (random.Next(12))
            {
                case 0:
                    centre.IsLost = !centre.IsLost;
                    break;
                case 1 when random.Next(4) == 0:
                    centre.Forget();
                    break;
                case 2 when random.Next(4) == 0:
                    // A server ends, and another begins with nothing counted.
                    var ended = random.Next(alive.Count);
                    alive[ended].Leave();
                    alive[ended] = new Server(next++, limits, centre, seats);
                    break;
                case 3:
                    alive[random.Next(alive.Count)].Sit();
                    break;
                case < 6:
                    limits.Time.Advance(rule.Window * random.NextDouble() * (random.Next(3) == 0 ? 1.2 : 0.1));
                    break;
                default:
                    var server = alive[random.Next(alive.Count)];
                    for (var burst = random.Next(1, random.Next(3) == 0 ? 40 : 4); burst > 0; burst--)
                    {
                        if (await server.AskAsync() is Verdict.Allow)
                        {
                            granted.Add(limits.Time.GetTimestamp());
                        }
                    }

                    break;
            }
        }

        var window = rule.Window.Ticks * limits.Time.TimestampFrequency / TimeSpan.TicksPerSecond;
        for (var i = rule.Calls; i < granted.Count; i++)
        {
            Assert.True(granted[i] - granted[i - rule.Calls] >= window, $"Schedule {seed}: {rule.Calls + 1} calls within {granted[i] - granted[i - rule.Calls]} of {window} ticks");
        }
    }

    /// <summary>One process: counts of its own, and a seat it must take.</summary>
    private sealed class Server
    {
        private readonly LimitGuard _guard;
        private readonly Chair _chair;

        public Server(int number, LimitFixture limits, SharedCentre centre, (int Holder, long FreedAt)[] seats)
        {
            _chair = new Chair(number, limits, seats);
            _guard = new LimitGuard(
                limits.Set,
                centre,
                limits.NewStore(limits.Set.Shares),
                limits.Options,
                new LimitMetrics(),
                limits.Time,
                new LimitStoreHealth(limits.Set, limits.Time, new LimitMetrics(), NullLogger<LimitStoreHealth>.Instance),
                _chair);
        }

        public void Sit() => _chair.Sit();

        public void Leave() => _chair.Leave();

        public ValueTask<Verdict> AskAsync() => _guard.InspectAsync(new GuardContext(Call(), new CallScope()), CancellationToken.None);
    }

    private sealed class Chair(int number, LimitFixture limits, (int Holder, long FreedAt)[] seats) : ILimitSeat
    {
        private int _seat = -1;

        public void Sit()
        {
            for (var seat = 0; _seat < 0 && seat < seats.Length; seat++)
            {
                if (seats[seat].Holder < 0)
                {
                    (seats[seat].Holder, _seat) = (number, seat);
                }
            }
        }

        public void Leave()
        {
            if (_seat >= 0)
            {
                seats[_seat] = (-1, limits.Time.GetTimestamp());
                _seat = -1;
            }
        }

        public bool MayGrant(Limit limit)
            => _seat >= 0 && (seats[_seat].FreedAt == long.MinValue || limits.Time.GetElapsedTime(seats[_seat].FreedAt) > limit.Window + (limit.Window / SlidingWindow.Slots));
    }
}
