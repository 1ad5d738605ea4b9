using AgentGate.Limits;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using static AgentGate.Tests.Limits.LimitFixture;

namespace AgentGate.Tests.Limits;

/// <summary>What holds for 64 callers at once, while the clock moves under them.</summary>
public sealed class LimitCrowdTests
{
    private const int Callers = 64;

    private static readonly LimitPer[] s_pers =
        [LimitPer.Key, LimitPer.Key, LimitPer.User | LimitPer.Tool, LimitPer.Tenant, LimitPer.Global];

    private static readonly int[] s_calls = [1, 2, 3, 5, 20, 61, 62, 90];

    [Fact]
    public void However_64_callers_meet_nobody_is_let_over_a_limit_refused_for_nothing_or_counted_in_part()
    {
        using var crowd = new Crowd(Callers);
        for (var seed = 0; seed < LawSize.Schedules; seed++)
        {
            try
            {
                Run(crowd, seed);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Schedule {seed}: {failure.Message}", failure);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(100)]
    public void Calls_of_one_instant_all_count(int calls)
    {
        using var crowd = new Crowd(Callers);
        for (var round = 0; round < 20; round++)
        {
            var limits = new LimitFixture(Rule("wide", 1_000), Rule("r", calls));
            var claims = limits.Set.Claims(Call());
            var passed = 0;

            crowd.Act(_ =>
            {
                for (var i = 0; i < 3; i++)
                {
                    Interlocked.Add(ref passed, limits.Store.TryAcquire(claims, new LimitCount[2]) ? 1 : 0);
                }
            });

            Assert.Equal(Math.Min(calls, Callers * 3), passed);
            var counts = new LimitCount[2];
            Assert.Equal(calls > Callers * 3, limits.Store.TryAcquire(claims, counts));
            Assert.Equal(1_000 - passed, counts[0].Remaining + (calls > Callers * 3 ? 1 : 0));
        }
    }

    private static void Run(Crowd crowd, int seed)
    {
        var random = new Random(seed);
        var options = new LimitsOptions { KeysMax = random.Next(3) == 0 ? 16 : 4_096 };
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            options.Rules.Add(Rule($"r{i}", Pick(random, s_calls), Pick(random, s_pers), random.Next(1, 61)));
        }

        var clock = new NotingClock();
        var set = new LimitSet(Options.Create(options));
        var store = new InMemoryLimitStore(set.All, options.KeysMax, clock, new LimitMetrics(), NullLogger.Instance);
        var names = random.Next(1, options.KeysMax == 16 ? 40 : 5);
        var ops = random.Next(1, 6);
        var passed = new List<(LimitClaim[] Claims, long At)>[crowd.Size];
        var refused = new List<(LimitClaim[] Claims, long At)>[crowd.Size];

        crowd.Act(caller =>
        {
            var own = new Random((seed * Callers) + caller);
            (passed[caller], refused[caller]) = ([], []);
            for (var i = 0; i < ops; i++)
            {
                if (own.Next(8) == 0)
                {
                    clock.Advance(TimeSpan.FromMilliseconds(own.Next(3) == 0 ? own.Next(1, 30_000) : own.Next(1, 200)));
                }

                var name = own.Next(names);
                var claims = set.Claims(own.Next(3) == 0 ? ToolCall("t", $"agent_{name}", $"key_{name}") : Call($"agent_{name}", $"key_{name}"));
                own.Shuffle(claims);
                if (claims.Length > 0)
                {
                    var reads = NotingClock.Reads;
                    var fits = store.TryAcquire(claims, new LimitCount[claims.Length]);
                    (fits ? passed[caller] : refused[caller]).Add((claims, NotingClock.Last));

                    // Otherwise the time noted here need not be the one the call was counted at, and the log would lie.
                    Assert.Equal(1, NotingClock.Reads - reads);
                }
            }
        });

        var reference = new ReferenceLog(clock.TimestampFrequency);
        foreach (var (claims, at) in passed.SelectMany(list => list).OrderBy(call => call.At))
        {
            reference.Add(claims, at);
        }

        reference.AssertNeverOver(set.All);
        Assert.All(store.Keys(), count => Assert.InRange(count.Keys, 0, options.KeysMax));
        if (options.KeysMax > names)
        {
            AssertNobodyWasRefusedForNothing(refused, reference);
            AssertEveryCountIsWhatTheCallsMade(set, store, clock, names, reference);
        }
    }

    private static void AssertNobodyWasRefusedForNothing(IEnumerable<List<(LimitClaim[] Claims, long At)>> refused, ReferenceLog reference)
    {
        foreach (var (claims, at) in refused.SelectMany(list => list))
        {
            Assert.Contains(claims, claim => reference.Live(claim, at, reference.Slack(claim.Limit)) >= claim.Limit.Calls);
        }
    }

    /// <summary>A call that was refused by one limit has left nothing in the others, and none was forgotten.</summary>
    private static void AssertEveryCountIsWhatTheCallsMade(LimitSet set, InMemoryLimitStore store, NotingClock clock, int names, ReferenceLog reference)
    {
        for (var name = 0; name < names; name++)
        {
            var claims = set.Claims(ToolCall("t", $"agent_{name}", $"key_{name}"));
            if (claims.Length == 0)
            {
                continue;
            }

            var counts = new LimitCount[claims.Length];
            if (store.TryAcquire(claims, counts))
            {
                reference.Add(claims, NotingClock.Last);
            }

            for (var i = 0; i < claims.Length; i++)
            {
                var (limit, now) = (claims[i].Limit, clock.GetTimestamp());
                Assert.InRange(
                    counts[i].Remaining,
                    limit.Calls - reference.Live(claims[i], now, reference.Slack(limit)),
                    limit.Calls - reference.Live(claims[i], now));
            }
        }
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];

    /// <summary>A clock that moves when told and notes for each thread what it last said.</summary>
    private sealed class NotingClock : TimeProvider
    {
        [ThreadStatic]
        private static long s_last;

        [ThreadStatic]
        private static int s_reads;

        private readonly FakeTimeProvider _time = new();

        public static long Last => s_last;

        /// <summary>How often this thread asked.</summary>
        public static int Reads => s_reads;

        public override long TimestampFrequency => _time.TimestampFrequency;

        public override long GetTimestamp()
        {
            s_reads++;
            return s_last = _time.GetTimestamp();
        }

        public void Advance(TimeSpan by) => _time.Advance(by);
    }
}
