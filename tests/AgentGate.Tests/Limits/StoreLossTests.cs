using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
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

        Assert.Equal(3, passed);
        Assert.Equal(3, limits.States[0].Calls);
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
}
