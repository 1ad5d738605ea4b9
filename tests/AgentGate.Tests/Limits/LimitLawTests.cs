using AgentGate.Limits;
using AgentGate.Pipeline;
using FsCheck;
using FsCheck.Fluent;
using static AgentGate.Tests.Limits.LimitFixture;

namespace AgentGate.Tests.Limits;

/// <summary>What holds for every schedule, call by call, against a limiter that remembers everything.</summary>
public sealed class LimitLawTests
{
    private static readonly Gen<int> s_calls = Gen.Frequency(
        (5, Gen.Choose(1, 6)), (2, Gen.Choose(58, 64)), (2, Gen.Choose(90, 200)));

    private static readonly Gen<LimitRule> s_rule =
        from calls in s_calls
        from seconds in Gen.Elements(1, 7, 10, 60, 61)
        from per in Gen.Elements(LimitPer.Key, LimitPer.Key, LimitPer.User | LimitPer.Tool, LimitPer.Tenant, LimitPer.Global)
        select Rule("r", calls, per, seconds);

    /// <summary>Time passes (a share of the longest window in thousandths, or what the last refusal said), then one caller calls in a burst.</summary>
    private static readonly Gen<Step> s_step =
        from wait in Gen.Frequency(
            (4, Gen.Constant(0)), (2, Gen.Choose(1, 20)), (2, Gen.Choose(1, 400)), (1, Gen.Elements(999, 1_000, 1_001, 1_017)))
        from told in Gen.Frequency((4, Gen.Constant(Told.Ignored)), (2, Gen.Constant(Told.Heeded)), (1, Gen.Constant(Told.JustShort)))
        from caller in Gen.Choose(0, 4)
        from isTool in Gen.Elements(false, false, true)
        from burst in Gen.Frequency((3, Gen.Constant(1)), (2, Gen.Choose(2, 8)), (1, Gen.Choose(20, 70)))
        select new Step(wait, told, caller, isTool, burst);

    private static readonly Gen<Schedule> s_schedule =
        from count in Gen.Choose(1, 3)
        from rules in s_rule.ArrayOf(count)
        from length in Gen.Choose(1, 24)
        from steps in s_step.ArrayOf(length)
        select new Schedule(rules, steps);

    private enum Told
    {
        Ignored,
        Heeded,
        JustShort,
    }

    [Fact]
    public void A_schedule_is_judged_as_by_a_limiter_that_remembers_every_call()
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(LawSize.Schedules),
            Prop.ForAll(s_schedule.ToArbitrary(), schedule => Run(schedule)));

    [Fact]
    public void A_flood_of_keys_takes_no_more_memory_than_declared_and_lets_nobody_over_its_limit()
        => Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(LawSize.Schedules),
            Prop.ForAll(s_schedule.ToArbitrary(), schedule => Flood(schedule)));

    private static void Run(Schedule schedule)
    {
        var limits = Fixture(schedule, keysMax: 4_096);
        var reference = new ReferenceLog(limits.Time.TimestampFrequency);
        var longest = limits.Set.All.Max(limit => limit.Window);
        var wait = TimeSpan.Zero;
        foreach (var step in schedule.Steps)
        {
            limits.Time.Advance(longest * step.Wait / 1_000);
            var claims = limits.Set.Claims(step.IsTool ? ToolCall("t", $"agent_{step.Caller}", $"key_{step.Caller}") : Call($"agent_{step.Caller}", $"key_{step.Caller}"));
            for (var i = 0; i < step.Burst && claims.Length > 0; i++)
            {
                if (Judge(limits, reference, claims) is not { } told)
                {
                    continue;
                }

                wait = told;
                break;
            }

            if (wait > TimeSpan.Zero && step.Told != Told.Ignored && claims.Length > 0)
            {
                limits.Time.Advance(wait - TimeSpan.FromTicks(step.Told == Told.JustShort ? 1 : 0));
                Assert.Equal(step.Told == Told.JustShort, Judge(limits, reference, claims) is not null);
            }

            wait = TimeSpan.Zero;
        }

        reference.AssertNeverOver(limits.Set.All);
        AssertAllIsFree(limits, longest + (longest / SlidingWindow.Slots) + TimeSpan.FromTicks(1));
    }

    /// <summary>Asks the limiter, holds its answer against the reference, and gives how long to wait after a refusal.</summary>
    private static TimeSpan? Judge(LimitFixture limits, ReferenceLog reference, LimitClaim[] claims)
    {
        var now = limits.Time.GetTimestamp();
        var counts = new LimitCount[claims.Length];
        var fits = limits.Store.TryAcquire(claims, counts);
        var isFullFor = claims.Select(claim => reference.Live(claim, now) >= claim.Limit.Calls).ToArray();
        var mayBeFull = claims.Select(claim => reference.Live(claim, now, reference.Slack(claim.Limit)) >= claim.Limit.Calls).ToArray();

        Assert.Equal(fits, counts.All(count => count.Fits));
        if (fits)
        {
            Assert.DoesNotContain(true, isFullFor);
            reference.Add(claims, now);
        }

        var (wait, exact, slack) = (TimeSpan.Zero, 0L, 0L);
        for (var i = 0; i < claims.Length; i++)
        {
            Assert.True(fits || counts[i].Fits || mayBeFull[i], "refused for nothing");
            Assert.True(fits || !counts[i].Fits || !isFullFor[i], "a full count was passed over");
            var (live, grey) = (reference.Live(claims[i], now), reference.Live(claims[i], now, reference.Slack(claims[i].Limit)));
            Assert.InRange(counts[i].Remaining, claims[i].Limit.Calls - grey, claims[i].Limit.Calls - live);
            if (!counts[i].Fits)
            {
                wait = counts[i].NextFree > wait ? counts[i].NextFree : wait;
                exact = Math.Max(exact, reference.UntilFree(claims[i], now));
                slack = Math.Max(slack, reference.Slack(claims[i].Limit));
            }
        }

        if (!fits)
        {
            Assert.InRange(wait.Ticks, exact, exact + slack);
        }

        return fits ? null : wait;
    }

    private static void Flood(Schedule schedule)
    {
        const int KeysMax = 16;
        var limits = Fixture(schedule, KeysMax);
        var reference = new ReferenceLog(limits.Time.TimestampFrequency);
        var longest = limits.Set.All.Max(limit => limit.Window);
        var known = limits.Set.Claims(Call());
        var stranger = 0;
        foreach (var step in schedule.Steps)
        {
            limits.Time.Advance(longest * step.Wait / 1_000);
            for (var i = 0; i < step.Burst; i++)
            {
                Acquire(limits, reference, known);
                var name = step.Wait % 3 == 0 ? stranger++ : stranger++ % 20;
                Acquire(limits, reference, limits.Set.Claims(ToolCall($"tool_{name}", $"agent_{name}", $"key_{name}")));
                Assert.All(limits.Store.Keys(), count => Assert.InRange(count.Keys, 0, KeysMax));
            }
        }

        reference.AssertNeverOver(limits.Set.All);
        AssertAllIsFree(limits, longest + (longest / SlidingWindow.Slots) + TimeSpan.FromTicks(1));
    }

    private static void Acquire(LimitFixture limits, ReferenceLog reference, LimitClaim[] claims)
    {
        if (claims.Length > 0 && limits.Store.TryAcquire(claims, new LimitCount[claims.Length]))
        {
            reference.Add(claims, limits.Time.GetTimestamp());
        }
    }

    /// <summary>After the longest window everything is as in the beginning: all calls of the smallest limit pass, and not one more.</summary>
    private static void AssertAllIsFree(LimitFixture limits, TimeSpan window)
    {
        limits.Time.Advance(window);
        foreach (var call in (GateCall[])[Call(), ToolCall("t")])
        {
            var claims = limits.Set.Claims(call);
            if (claims.Length == 0)
            {
                continue;
            }

            var counts = new LimitCount[claims.Length];
            var least = claims.Min(claim => claim.Limit.Calls);
            for (var i = 0; i < least; i++)
            {
                Assert.True(limits.Store.TryAcquire(claims, counts), $"only {i} of {least} calls passed after the window");
            }

            Assert.False(limits.Store.TryAcquire(claims, counts));
            limits.Time.Advance(window);
        }
    }

    private static LimitFixture Fixture(Schedule schedule, int keysMax)
        => new(
            new LimitsOptions { KeysMax = keysMax },
            [.. schedule.Rules.Select((rule, index) => new LimitRule { Name = $"r{index}", Calls = rule.Calls, Per = rule.Per, Window = rule.Window })]);

    private sealed record Step(int Wait, Told Told, int Caller, bool IsTool, int Burst);

    private sealed record Schedule(LimitRule[] Rules, Step[] Steps)
    {
        public override string ToString()
            => string.Join("; ", Rules.Select(rule => $"{rule.Calls}/{rule.Window.TotalSeconds}s {rule.Per}")) + " | " + string.Join(", ", Steps.Select(step => step.ToString()));
    }
}
