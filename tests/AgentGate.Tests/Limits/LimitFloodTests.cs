using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using static AgentGate.Tests.Limits.LimitFixture;

namespace AgentGate.Tests.Limits;

/// <summary>What a flood of keys does, step by step; the laws say it for every flood.</summary>
public sealed class LimitFloodTests
{
    private const int KeysMax = 16;

    [Fact]
    public async Task A_flood_of_a_million_names_takes_no_more_places_than_declared_and_a_known_caller_keeps_its_count()
    {
        var limits = new LimitFixture(new LimitsOptions { KeysMax = 1_024 }, Rule("r", 3));
        Assert.Equal(2, await limits.PassAsync(2, Call(key: "known")));

        var counts = new LimitCount[1];
        for (var name = 0; name < 1_000_000; name++)
        {
            limits.Store.TryAcquire(limits.Set.Claims(Call(key: $"made-up-{name}")), counts);
        }

        Assert.InRange(limits.Store.Keys().Single().Keys, 1_000, 1_024);
        Assert.Equal(1, await limits.PassAsync(5, Call(key: "known")));
    }

    [Fact]
    public async Task Newcomers_without_a_place_share_one_count_of_the_same_size()
    {
        var limits = await FullAsync(Rule("r", 3));

        Assert.Equal(2, await limits.PassAsync(2, Call(key: "new_a")));
        Assert.Equal(1, await limits.PassAsync(2, Call(key: "new_b")));
        Assert.Equal(0, await limits.PassAsync(2, Call(key: "new_c")));
        Assert.Equal(2, await limits.PassAsync(3, Call(key: "key_0")));
    }

    [Fact]
    public async Task Who_was_counted_with_others_is_not_given_a_fresh_count_when_there_is_room_again()
    {
        var limits = await FullAsync(Rule("r", 3));
        limits.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(3, await limits.PassAsync(5, Call(key: "late")));

        limits.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(0, await limits.PassAsync(5, Call(key: "late")));
        limits.Time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(3, await limits.PassAsync(5, Call(key: "late")));
    }

    [Fact]
    public async Task A_call_that_needs_two_shared_places_gets_both_or_none()
    {
        var limits = await FullAsync(
            new LimitRule { Name = "r", Calls = 1, Per = LimitPer.Tool }, name => ToolCall($"tool_{name}"));
        var call = Call() with
        {
            AlsoRequires =
            [
                new ResourceRequest(GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, "openai/web_search")),
                new ResourceRequest(GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, "openai/files")),
            ],
        };

        Assert.Equal(0, await limits.PassAsync(1, call));
        Assert.Equal(1, await limits.PassAsync(2, ToolCall("another")));
    }

    [Fact]
    public async Task Refused_calls_take_no_memory()
    {
        var limits = new LimitFixture(Rule("own", 100), Rule("all", 1, LimitPer.Global));
        await limits.AskAsync();

        for (var name = 0; name < 1_000; name++)
        {
            Assert.IsType<Verdict.Deny>(await limits.AskAsync(Call(key: $"key_{name}")));
        }

        Assert.Equal([("own", 1), ("all", 1)], limits.Store.Keys());
    }

    [Fact]
    public async Task Counts_that_are_over_give_their_places_back()
    {
        var limits = await FullAsync(Rule("r", 3));
        limits.Time.Advance(TimeSpan.FromMinutes(1));

        for (var name = 0; name < 3 * KeysMax; name++)
        {
            Assert.Equal(3, await limits.PassAsync(4, Call(key: $"new_{name}")));
            limits.Time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    /// <summary>As many callers as have a place, each with one call.</summary>
    private static async Task<LimitFixture> FullAsync(LimitRule rule, Func<int, GateCall>? call = null)
    {
        var limits = new LimitFixture(new LimitsOptions { KeysMax = KeysMax }, rule);
        for (var name = 0; name < KeysMax; name++)
        {
            Assert.Equal(1, await limits.PassAsync(1, call?.Invoke(name) ?? Call(key: $"key_{name}")));
        }

        return limits;
    }
}
