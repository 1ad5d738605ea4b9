using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using static AgentGate.Tests.Guardrails.GuardrailFixture;

namespace AgentGate.Tests.Guardrails;

/// <summary>The published list form.</summary>
public sealed class GuardrailListTests
{
    /// <summary>The three rules of the published README.</summary>
    private const string Published = """
        [{"tool":"send_email","max_calls":5,"window":"1h","scope":"user"},
         {"tool":"delete_*","cooldown":"10m"},
         {"tool":"*","exclude_hours":[2,3,4]}]
        """;

    [Fact]
    public async Task Five_mails_an_hour_per_user_over_all_agents_of_that_user()
    {
        var list = new GuardrailFixture(Published);
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<Verdict.Allow>(await list.AskAsync("send_email", agent: $"agent_{i % 2}", user: "ada"));
            list.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var denied = Assert.IsType<Verdict.Deny>(await list.AskAsync("Send_Email", agent: "agent_9", user: "ada"));
        Assert.Equal((Codes.GuardrailCallsReached, "max_calls:send_email", TimeSpan.FromMinutes(55)), (denied.Code, Constraint(denied), denied.RetryAfter));
        Assert.Contains("at most 5 calls in 1 h per user", denied.Reason, StringComparison.Ordinal);
        Assert.IsType<Verdict.Allow>(await list.AskAsync("send_email", user: "bob"));
        Assert.IsType<Verdict.Allow>(await list.AskAsync("send_email", user: "ada", tenant: "t2"));
    }

    [Fact]
    public async Task Ten_minutes_after_any_delete_there_is_no_other_of_the_same_agent()
    {
        var list = new GuardrailFixture(Published);
        Assert.IsType<Verdict.Allow>(await list.AskAsync("delete_row"));
        Assert.Equal("cooldown:delete_*", Constraint(await list.AskAsync("delete_table")));
        Assert.IsType<Verdict.Allow>(await list.AskAsync("delete_table", agent: "agent_b"));
        Assert.IsType<Verdict.Allow>(await list.AskAsync("read_row"));

        // What was refused is not counted, and makes the pause no longer.
        list.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.IsType<Verdict.Allow>(await list.AskAsync("delete_table"));
    }

    [Fact]
    public async Task Between_two_and_five_nothing_is_called()
    {
        var list = new GuardrailFixture(Published);
        list.Time.SetUtcNow(new DateTimeOffset(2026, 1, 3, 2, 30, 0, TimeSpan.Zero));
        var denied = Assert.IsType<Verdict.Deny>(await list.AskAsync("read_row"));
        Assert.Equal((Codes.GuardrailHoursExcluded, "exclude_hours:*", TimeSpan.FromMinutes(150)), (denied.Code, Constraint(denied), denied.RetryAfter));
        list.Time.Advance(TimeSpan.FromMinutes(150));
        Assert.IsType<Verdict.Allow>(await list.AskAsync("read_row"));
    }

    [Fact]
    public async Task The_wait_that_is_told_regards_all_rules_together()
    {
        var list = new GuardrailFixture(Published);
        list.Time.SetUtcNow(new DateTimeOffset(2026, 1, 3, 1, 55, 0, TimeSpan.Zero));
        await list.AskAsync("delete_row");

        // The pause ends at 2:05, in the hours in which nothing is called.
        var denied = Assert.IsType<Verdict.Deny>(await list.AskAsync("delete_row"));
        Assert.Equal(("cooldown:delete_*", TimeSpan.FromMinutes(185)), (Constraint(denied), denied.RetryAfter));
    }

    [Theory]
    [InlineData("agent", false, true, true, true)]
    [InlineData("session", true, true, true, true)]
    [InlineData("user", false, false, true, true)]
    [InlineData("tenant", false, false, false, true)]
    [InlineData("global", false, false, false, false)]
    public async Task A_scope_says_whose_calls_count_together(string scope, bool otherSession, bool otherAgent, bool otherUser, bool otherTenant)
    {
        var list = new GuardrailFixture($$"""[{"tool":"*","cooldown":60,"scope":"{{scope}}"}]""");
        await list.AskAsync("t", session: "s", agent: "a", user: "u");
        Assert.Equal(
            (false, otherSession, otherAgent, otherUser, otherTenant),
            (await PassesAsync("s", "a", "u", "t1"), await PassesAsync("s2", "a", "u", "t1"), await PassesAsync("s", "a2", "u", "t1"),
             await PassesAsync("s", "a3", "u2", "t1"), await PassesAsync("s", "a", "u", "t2")));
        async Task<bool> PassesAsync(string session, string agent, string user, string tenant)
            => await list.AskAsync("t", session, agent, user, tenant) is Verdict.Allow;
    }

    [Fact]
    public async Task Tools_nobody_lists_are_not_touched()
    {
        var list = new GuardrailFixture("""[{"tool":"send_email","max_calls":1,"window":"1h"}]""");
        for (var i = 0; i < 10; i++)
        {
            Assert.IsType<Verdict.Allow>(await list.AskAsync("read"));
        }

        Assert.Empty(await list.Store.ListAsync("t1", "guardrails", 10, default));
    }

    [Fact]
    public async Task Models_have_rules_of_their_own_and_tools_the_provider_runs_count_with_the_call()
    {
        var list = new GuardrailFixture("""[{"model":"gpt-*","max_calls":1,"window":"1h"},{"tool":"web_*","max_calls":1,"window":"1h"}]""");
        GateCall Model(string name, params string[] tools) => list.Call("x") with
        {
            Action = GateActions.CallModel,
            Resource = EntityRef.Model(name),
            AlsoRequires = [.. tools.Select(tool => new ResourceRequest(GateActions.UseProviderTool, new EntityRef(EntityRef.ProviderToolType, tool)))],
        };

        Assert.IsType<Verdict.Allow>(await list.AskAsync(Model("gpt-5")));
        Assert.Equal("max_calls:gpt-*", Constraint(await list.AskAsync(Model("GPT-6"))));
        Assert.IsType<Verdict.Allow>(await list.AskAsync(Model("other", "web_search")));
        Assert.Equal("max_calls:web_*", Constraint(await list.AskAsync(Model("other", "web_search"))));
        Assert.IsType<Verdict.Allow>(await list.AskAsync(Model("other")));
    }

    [Fact]
    public async Task A_set_concerns_the_tenants_and_principals_it_names()
    {
        var list = new GuardrailFixture("""{"tenant":"t*","principal":"agent_a","policies":[{"tool":"*","cooldown":"1h"}]}""");
        await list.AskAsync("t");
        Assert.IsType<Verdict.Deny>(await list.AskAsync("t"));
        await list.AskAsync("t", agent: "agent_b");
        Assert.IsType<Verdict.Allow>(await list.AskAsync("t", agent: "agent_b"));
        await list.AskAsync("t", tenant: "other");
        Assert.IsType<Verdict.Allow>(await list.AskAsync("t", tenant: "other"));
    }

    [Theory]
    [InlineData(false, nameof(CallFate.NotRun), false)]
    [InlineData(false, nameof(CallFate.Failed), false)]
    [InlineData(false, nameof(CallFate.Completed), true)]
    [InlineData(false, nameof(CallFate.Uncertain), true)]
    [InlineData(false, nameof(CallFate.Held), true)]
    [InlineData(true, nameof(CallFate.NotRun), false)]
    [InlineData(true, nameof(CallFate.Failed), true)]
    public async Task What_did_not_happen_is_given_back_and_what_failed_unless_it_is_asked_for(bool countFailed, string fate, bool counted)
    {
        var list = new GuardrailFixture($$"""[{"tool":"*","cooldown":"1h","count_failed":{{(countFailed ? "true" : "false")}}}]""");
        await list.RunAsync("t", Enum.Parse<CallFate>(fate));
        Assert.Equal(counted, await list.AskAsync("t") is Verdict.Deny);
    }

    [Fact]
    public async Task A_clock_that_goes_back_is_not_followed()
    {
        var list = new GuardrailFixture("""[{"tool":"*","max_calls":1,"window":"10m"}]""");
        list.Time.AdjustTime(new DateTimeOffset(2026, 1, 2, 13, 0, 0, TimeSpan.Zero));
        await list.AskAsync("t");
        list.Time.AdjustTime(new DateTimeOffset(2026, 1, 2, 12, 0, 0, TimeSpan.Zero));
        Assert.IsType<Verdict.Deny>(await list.AskAsync("t"));
        list.Time.AdjustTime(new DateTimeOffset(2026, 1, 2, 13, 10, 0, TimeSpan.Zero));
        Assert.IsType<Verdict.Allow>(await list.AskAsync("t"));
    }
}
