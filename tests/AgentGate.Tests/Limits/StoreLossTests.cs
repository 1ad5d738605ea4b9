using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using Microsoft.Extensions.Logging;
using static AgentGate.Tests.Limits.LimitFixture;

namespace AgentGate.Tests.Limits;

public sealed class StoreLossTests
{
    public enum Way
    {
        Throws,
        ThrowsLater,
        Hangs,
    }

    public static TheoryData<Way> Ways => new(Enum.GetValues<Way>());

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_rule_that_denies_closes_and_says_when_to_try_again(Way way)
    {
        var limits = Lost(way, new LimitsOptions(), Rule("r", 3));

        var denied = Assert.IsType<Verdict.Deny>(await AskAsync(limits, way));

        Assert.Equal((Codes.LimitStoreLost, DenialKind.Unavailable), (denied.Code, denied.Kind));
        Assert.NotNull(denied.RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_rule_that_allows_goes_on_and_the_record_says_so(Way way)
    {
        var limits = Lost(way, new LimitsOptions(), With(Rule("r", 1), StoreLoss.Allow));

        for (var i = 0; i < 3; i++)
        {
            var allowed = Assert.IsType<Verdict.Allow>(await AskAsync(limits, way));
            Assert.Equal([new Finding("r", Note: "store lost, not counted")], allowed.Findings);
            Assert.Empty(limits.States);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_rule_with_a_local_share_grants_its_part_and_no_more(Way way)
    {
        var limits = Lost(way, new LimitsOptions { Servers = 3 }, With(Rule("r", 10), StoreLoss.LocalShare));

        var passed = 0;
        for (var i = 0; i < 10; i++)
        {
            var verdict = await AskAsync(limits, way);
            passed += verdict is Verdict.Allow ? 1 : 0;
            Assert.Contains(new Finding("r", Note: "store lost, local share"), verdict.Findings);
        }

        // Half of the limit is spread over the servers.
        Assert.Equal(1, passed);
        Assert.Equal(1, limits.States[0].Calls);
        Assert.Equal(0, limits.States[0].Remaining);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task One_rule_that_denies_is_enough_and_takes_no_share(Way way)
    {
        var limits = Lost(
            way, new LimitsOptions(), With(Rule("share", 1), StoreLoss.LocalShare), With(Rule("open", 1), StoreLoss.Allow), Rule("closed", 1, LimitPer.Tool));

        Assert.IsType<Verdict.Deny>(await AskAsync(limits, way, ToolCall("t")));
        Assert.IsType<Verdict.Allow>(await AskAsync(limits, way));
        Assert.Equal(Codes.LimitReached, Assert.IsType<Verdict.Deny>(await AskAsync(limits, way)).Code);
    }

    [Fact]
    public async Task A_store_that_comes_back_counts_again()
    {
        var limits = new LimitFixture(With(Rule("r", 2), StoreLoss.Allow));
        var store = new LosableStore(limits.Store);
        limits.Shared = store;

        Assert.Equal(1, await limits.PassAsync(1));
        store.Lost = Way.Throws;
        Assert.Equal(5, await limits.PassAsync(5));
        store.Lost = null;
        Assert.Equal(1, await limits.PassAsync(5));
    }

    [Fact]
    public async Task A_server_without_a_seat_has_no_share()
    {
        var limits = Lost(Way.Throws, new LimitsOptions(), With(Rule("r", 10), StoreLoss.LocalShare));
        limits.Seat = new Seat(mayGrant: false);

        Assert.Equal(Codes.LimitStoreLost, Assert.IsType<Verdict.Deny>(await AskAsync(limits, Way.Throws)).Code);
    }

    [Fact]
    public async Task A_share_serves_when_the_store_has_nothing_left_and_a_refused_call_leaves_nothing_in_it()
    {
        var limits = new LimitFixture(new LimitsOptions { Servers = 2 }, With(Rule("share", 8, LimitPer.User), StoreLoss.LocalShare), Rule("other", 20, LimitPer.Tenant));
        var centre = new SharedCentre(limits);
        (limits.Shared, limits.Seat) = (centre, new Seat(mayGrant: true));

        // Four of eight lie in the centre and two are this server's; the other two are another server's.
        Assert.Equal(6, await limits.PassAsync(10));
        Assert.Equal(Codes.LimitReached, Assert.IsType<Verdict.Deny>(await limits.AskAsync()).Code);
        limits.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(14, await limits.PassAsync(14, Call("agent_b", model: "m2")) + await limits.PassAsync(6, Call("agent_c")) + await limits.PassAsync(6, Call("agent_d")) - 4);

        // Of the other rule two calls are left, whatever the share has.
        Assert.Equal(2, await limits.PassAsync(5, Call("agent_e")));
    }

    [Fact]
    public async Task What_the_store_does_not_know_is_judged_as_declared_and_the_change_is_said_once()
    {
        var limits = new LimitFixture(new LimitsOptions { Servers = 1 }, With(Rule("open", 1), StoreLoss.Allow), With(Rule("share", 4, LimitPer.User), StoreLoss.LocalShare), Rule("closed", 9, LimitPer.Tool));
        var centre = new SharedCentre(limits) { Knows = false };
        (limits.Shared, limits.Seat) = (centre, new Seat(mayGrant: true));

        for (var i = 0; i < 2; i++)
        {
            var verdict = await limits.AskAsync();
            Assert.IsType<Verdict.Allow>(verdict);
            Assert.Equal([new Finding("open", Note: LimitGuard.Uncounted), new Finding("share", Note: LimitGuard.LocalShare)], verdict.Findings);
        }

        Assert.Equal(Codes.LimitReached, Assert.IsType<Verdict.Deny>(await limits.AskAsync()).Code);
        Assert.Equal(Codes.LimitStoreLost, Assert.IsType<Verdict.Deny>(await limits.AskAsync(ToolCall("t"))).Code);
        Assert.Null(limits.Health.Remark);
        limits.Health.Forgot(TimeSpan.Zero);
        Assert.StartsWith(Codes.LimitCountsForgotten, limits.Health.Remark, StringComparison.Ordinal);
        limits.Time.Advance(TimeSpan.FromSeconds(62));
        Assert.Null(limits.Health.Remark);
        limits.Health.Lost(new TimeoutException());
        Assert.StartsWith(Codes.LimitStoreLost, limits.Health.Remark, StringComparison.Ordinal);
        limits.Health.Answered();
        Assert.Null(limits.Health.Remark);
    }

    [Fact]
    public void The_health_page_counts_what_limits_do_and_names_none_of_them()
    {
        var limits = new LimitFixture(
            new LimitsOptions(), Rule("deletes", 9), Rule("pays", 9), With(Rule("searches", 1), StoreLoss.Allow), With(Rule("answers", 4), StoreLoss.LocalShare));
        limits.Health.Forgot(TimeSpan.Zero);
        var forgotten = limits.Health.Remark;
        limits.Health.Lost(new TimeoutException());

        foreach (var remark in (string?[])[forgotten, limits.Health.Remark])
        {
            Assert.EndsWith(": 2 deny, 1 share, 1 allow.", remark, StringComparison.Ordinal);
            Assert.DoesNotMatch("deletes|pays|searches|answers", remark);
        }
    }

    [Fact]
    public async Task Refusals_and_losses_are_counted_by_tenant()
    {
        using var probe = new MeterProbe();
        var limits = new LimitFixture(With(Rule("r", 2), StoreLoss.LocalShare)) { Metrics = new LimitMetrics(probe) };
        probe.Start();
        var store = new LosableStore(limits.Store);
        limits.Shared = store;

        await limits.PassAsync(4, Call(tenant: "t7"));
        store.Lost = Way.Throws;
        await limits.AskAsync(Call(tenant: "t8"));

        Assert.Contains("agentgate.limits.refused rule=r tenant=t7", probe.Measured);
        Assert.Contains("agentgate.limits.store_losses behaviour=localshare rule=r tenant=t8", probe.Measured);
    }

    [Fact]
    public void Rules_that_would_refuse_for_long_after_a_loss_are_named_at_the_start()
    {
        var limits = new LimitFixture(
            new LimitsOptions(), Rule("month", 9, seconds: 31 * 86_400), Rule("hour", 9, seconds: 3_600), With(Rule("open", 9, seconds: 86_400), StoreLoss.Allow));
        var log = new Lines();

        new LimitStoreHealth(limits.Set, limits.Time, new LimitMetrics(), log).WarnOfLongLosses();

        Assert.StartsWith("AG2110: the limit month", Assert.Single(log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_in_the_store_is_not_a_loss_and_is_left_to_the_gate()
    {
        var limits = new LimitFixture(With(Rule("r", 2), StoreLoss.Allow)) { Shared = new BrokenStore() };

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await limits.AskAsync());
    }

    private static LimitRule With(LimitRule rule, StoreLoss behaviour)
    {
        rule.OnStoreLoss = behaviour;
        return rule;
    }

    private static LimitFixture Lost(Way way, LimitsOptions options, params LimitRule[] rules)
    {
        var limits = new LimitFixture(options, rules);
        limits.Shared = new LosableStore(limits.Store) { Lost = way };
        return limits;
    }

    private static async Task<Verdict> AskAsync(LimitFixture limits, Way way, GateCall? call = null)
    {
        var asked = limits.AskAsync(call);
        if (way == Way.Hangs)
        {
            Assert.False(asked.IsCompleted);
            limits.Time.Advance(TimeSpan.FromMilliseconds(250));
        }

        return await asked;
    }

    private sealed class LosableStore(ILimitStore store) : ILimitStore
    {
        public Way? Lost { get; set; }

        public ValueTask<bool> TryAcquireAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken)
            => Lost switch
            {
                null => store.TryAcquireAsync(claims, counts, cancellationToken),
                Way.Throws => throw new LimitStoreLostException("lost"),
                Way.ThrowsLater => ThrowAsync(),
                _ => new ValueTask<bool>(new TaskCompletionSource<bool>().Task),
            };

        private static async ValueTask<bool> ThrowAsync()
        {
            await Task.Yield();
            throw new LimitStoreLostException("lost");
        }
    }

    private sealed class BrokenStore : ILimitStore
    {
        public ValueTask<bool> TryAcquireAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken)
            => throw new InvalidOperationException("a bug");
    }

    private sealed class Lines : List<string>, ILogger<LimitStoreHealth>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => Add(formatter(state, exception));
    }
}
