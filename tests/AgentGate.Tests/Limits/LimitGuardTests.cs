using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Limits;
using AgentGate.Pipeline;
using static AgentGate.Tests.Limits.LimitFixture;

namespace AgentGate.Tests.Limits;

public sealed class LimitGuardTests
{
    [Fact]
    public async Task Without_a_rule_nothing_is_limited_and_nothing_is_told()
    {
        var limits = new LimitFixture();

        Assert.Equal(1_000, await limits.PassAsync(1_000));
        Assert.Empty(limits.States);
    }

    [Fact]
    public async Task One_call_more_than_the_limit_is_refused_and_told_what_and_when()
    {
        var limits = new LimitFixture(Rule("model-calls", 3));
        Assert.Equal(3, await limits.PassAsync(3));
        limits.Time.Advance(TimeSpan.FromSeconds(17.5));

        var denied = Assert.IsType<Verdict.Deny>(await limits.AskAsync());

        Assert.Equal((Codes.LimitReached, DenialKind.Limited), (denied.Code, denied.Kind));
        Assert.Equal(TimeSpan.FromSeconds(42.5), denied.RetryAfter);
        Assert.Equal("The limit \"model-calls\" is reached: 3 calls in 60 s per key. The next call fits in 43 s.", denied.Reason);
        Assert.Equal([new Finding("model-calls", Note: "limit reached")], denied.Findings);
        Assert.Equal([new LimitState("model-calls", 3, TimeSpan.FromMinutes(1), 0, TimeSpan.FromSeconds(42.5), true)], limits.States);
    }

    [Fact]
    public async Task Refused_calls_are_not_counted_so_that_a_hammering_client_recovers()
    {
        var limits = new LimitFixture(Rule("r", 2));
        Assert.Equal(2, await limits.PassAsync(2));

        for (var second = 0; second < 59; second++)
        {
            limits.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(0, await limits.PassAsync(10));
        }

        limits.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await limits.PassAsync(10));
    }

    [Fact]
    public async Task The_window_slides_call_by_call()
    {
        var limits = new LimitFixture(Rule("r", 2, seconds: 10));
        Assert.Equal(1, await limits.PassAsync(1));
        limits.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, await limits.PassAsync(2));

        limits.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await limits.PassAsync(2));
        Assert.Equal(TimeSpan.FromSeconds(4), limits.States[0].NextFree);
        limits.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, await limits.PassAsync(2));
    }

    [Fact]
    public async Task A_call_counts_in_all_of_its_limits_or_in_none()
    {
        var limits = new LimitFixture(Rule("wide", 5), Rule("narrow", 2, seconds: 10), Rule("other", 9, LimitPer.Tenant));
        Assert.Equal(2, await limits.PassAsync(20));

        Assert.Equal([3, 0, 7], limits.States.Select(state => state.Remaining));

        limits.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, await limits.PassAsync(20));
        Assert.Equal([1, 0, 5], limits.States.Select(state => state.Remaining));
    }

    [Fact]
    public async Task Of_several_limits_reached_the_one_that_takes_longest_is_named()
    {
        var limits = new LimitFixture(Rule("burst", 1, seconds: 10), Rule("day", 1, seconds: 86_400));
        await limits.AskAsync();

        var denied = Assert.IsType<Verdict.Deny>(await limits.AskAsync());

        Assert.Contains("\"day\"", denied.Reason, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(1), denied.RetryAfter);
    }

    [Theory]
    [InlineData(LimitPer.Global, 3, 3, 3, 3)]
    [InlineData(LimitPer.Tenant, 3, 3, 3, 6)]
    [InlineData(LimitPer.Agent, 3, 6, 3, 6)]
    [InlineData(LimitPer.User, 3, 6, 3, 6)]
    [InlineData(LimitPer.Key, 3, 3, 6, 6)]
    [InlineData(LimitPer.User | LimitPer.Key, 3, 6, 6, 6)]
    public async Task What_is_counted_apart_is_what_the_rule_names(LimitPer per, int same, int otherPrincipal, int otherKey, int otherTenant)
    {
        Assert.Equal(same, await TwoAsync(Call()));
        Assert.Equal(otherPrincipal, await TwoAsync(Call(principal: "agent_b")));
        Assert.Equal(otherKey, await TwoAsync(Call(key: "key_b")));
        Assert.Equal(otherTenant, await TwoAsync(Call(tenant: "t2")));

        async Task<int> TwoAsync(GateCall second)
        {
            var limits = new LimitFixture(Rule("r", 3, per));
            return await limits.PassAsync(5) + await limits.PassAsync(5, second);
        }
    }

    [Theory]
    [InlineData(LimitPer.User, 3, 3, 6)]
    [InlineData(LimitPer.Agent, 6, 6, 6)]
    [InlineData(LimitPer.User | LimitPer.Agent, 6, 6, 6)]
    public async Task A_user_and_all_of_its_keys_are_one_user_and_several_agents(LimitPer per, int userThenKey, int keyThenOtherKey, int otherUsersKey)
    {
        var (user, key, other) = (By("user_a", null, "user_a"), By("agent_1", "k1", "user_a"), By("agent_2", "k2", "user_a"));
        Assert.Equal(userThenKey, await TwoAsync(user, key));
        Assert.Equal(keyThenOtherKey, await TwoAsync(key, other));
        Assert.Equal(otherUsersKey, await TwoAsync(key, By("agent_3", "k3", "user_b")));

        static GateCall By(string principal, string? key, string userId)
        {
            var call = Call(principal, key: key);
            return call with { Principal = call.Principal with { UserId = userId } };
        }

        async Task<int> TwoAsync(GateCall first, GateCall second)
        {
            var limits = new LimitFixture(Rule("r", 3, per));
            return await limits.PassAsync(5, first) + await limits.PassAsync(5, second);
        }
    }

    [Fact]
    public async Task Callers_without_a_key_are_counted_by_their_name_and_never_together()
    {
        var limits = new LimitFixture(Rule("r", 2));

        Assert.Equal(2, await limits.PassAsync(5, Call("app_a", key: null)));
        Assert.Equal(2, await limits.PassAsync(5, Call("app_b", key: null)));
        Assert.Equal(2, await limits.PassAsync(5, Call("x", key: "app_a")));
    }

    [Fact]
    public async Task Tools_are_counted_apart_without_regard_to_case()
    {
        var limits = new LimitFixture(Rule("r", 2, LimitPer.User | LimitPer.Tool));

        Assert.Equal(2, await limits.PassAsync(5, ToolCall("crm/delete")) + await limits.PassAsync(5, ToolCall("CRM/Delete")));
        Assert.Equal(2, await limits.PassAsync(5, ToolCall("crm/find")));
        Assert.Equal(2, await limits.PassAsync(5, ToolCall("crm/delete", "agent_b")));
        Assert.Equal(5, await limits.PassAsync(5));
    }

    [Fact]
    public async Task Two_names_of_one_model_share_its_count()
    {
        var limits = new LimitFixture(Rule("r", 2, LimitPer.Model));

        Assert.Equal(2, await limits.PassAsync(2, Call(model: "fast", upstream: "big-1")) + await limits.PassAsync(2, Call(model: "big-1")));
        Assert.Equal(2, await limits.PassAsync(2, Call(model: "small-1")));
        Assert.Equal(5, await limits.PassAsync(5, ToolCall("t")));
    }

    [Theory]
    [InlineData("callModel", "*", "*", "*", "*", true)]
    [InlineData("call*", "*", "*", "*", "*", true)]
    [InlineData("callTool", "*", "*", "*", "*", false)]
    [InlineData("*", "AGENT_*", "*", "*", "*", true)]
    [InlineData("*", "agent_b*", "*", "*", "*", false)]
    [InlineData("*", "*", "gpt-*", "*", "*", true)]
    [InlineData("*", "*", "big-*", "*", "*", true)]
    [InlineData("*", "*", "demo-*", "*", "*", false)]
    [InlineData("*", "*", "*", "crm/*", "*", false)]
    [InlineData("*", "*", "*", "*", "t*", true)]
    [InlineData("*", "*", "*", "*", "u*", false)]
    public async Task A_rule_concerns_the_calls_its_patterns_fit(string action, string principal, string model, string tool, string tenant, bool concerns)
    {
        var rule = new LimitRule { Name = "r", Calls = 1, Action = action, Principal = principal, Model = model, Tool = tool, Tenant = tenant };
        var limits = new LimitFixture(rule);

        Assert.Equal(concerns ? 1 : 3, await limits.PassAsync(3, Call(model: "gpt-5", upstream: "big-5")));
    }

    [Fact]
    public async Task A_tool_the_provider_runs_itself_is_counted_with_the_call_that_asks_for_it()
    {
        var limits = new LimitFixture(
            new LimitRule { Name = "searches", Calls = 2, Per = LimitPer.User | LimitPer.Tool, Action = GateActions.UseProviderTool },
            Rule("all", 100));
        var call = Call() with
        {
            AlsoRequires =
            [
                new ResourceRequest(GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, "openai/web_search")),
                new ResourceRequest(GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, "openai/files")),
                new ResourceRequest(GateActions.CallTool, EntityRef.Tool("forced")),
            ],
        };

        Assert.Equal(2, await limits.PassAsync(5, call));
        Assert.Equal(["searches", "searches", "all"], limits.States.Select(state => state.Name));
        Assert.Equal(98, limits.States[2].Remaining);
    }

    [Fact]
    public async Task How_busy_all_tenants_are_together_is_marked_as_not_the_callers_own()
    {
        var limits = new LimitFixture(Rule("all", 5, LimitPer.Global), Rule("own", 5, LimitPer.Tenant));
        await limits.AskAsync();

        Assert.Equal([false, true], limits.States.Select(state => state.IsOwn));
    }
}
