using AgentGate.Diagnostics;
using AgentGate.Guardrails;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using static AgentGate.Tests.Guardrails.GuardrailFixture;

namespace AgentGate.Tests.Guardrails;

/// <summary>The published timing table of the state-machine form, row by row: idle –read_data→ active –finish→ idle.</summary>
public sealed class GuardrailTableTests
{
    private static string Machine(string constraints = "", string mode = "enforce", string more = "") => $$"""
        {"policy_id":"table","version":"1.0","mode":"{{mode}}","initial_state":"idle"{{more}},"states":{
          "idle":{"transitions":[{"action":"read_data","next_state":"active"}]},
          "active":{"transitions":[{"action":"finish","next_state":"idle"},{"action":"read_data","next_state":"active"},{"action":"delete_*","next_state":"active"}],
                    "constraints":[{{constraints}}] } } }
        """;

    [Fact]
    public async Task A_listed_call_moves_the_machine_and_an_unknown_one_is_refused()
    {
        var table = new GuardrailFixture(Machine());
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("finish"));

        var denied = Assert.IsType<Verdict.Deny>(await table.RunAsync("finish"));
        Assert.Equal((Codes.GuardrailNoTransition, DenialKind.Forbidden, null, "no_transition:finish"), (denied.Code, denied.Kind, denied.RetryAfter, Constraint(denied)));
        Assert.Equal("no_transition:drop_table", Constraint(await table.RunAsync("drop_table")));
    }

    /// <summary>Cooldown of 10 s: at 1000 s it passes, at 1001 it is refused, at 1020 it passes; and to the millisecond where it ends.</summary>
    [Theory]
    [InlineData(1_000, true)]
    [InlineData(9_000, true)]
    [InlineData(1, true)]
    [InlineData(9_999, true)]
    [InlineData(10_000, false)]
    [InlineData(20_000, false)]
    public async Task A_cooldown_refuses_within_its_window(int milliseconds, bool refused)
    {
        var table = new GuardrailFixture(Machine("""{"constraint_type":"cooldown","action":"read_data","window_seconds":10,"error_msg":"Let it cool."}"""));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
        table.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var verdict = await table.RunAsync("read_data");
        Assert.Equal(refused ? "cooldown:read_data" : null, Constraint(verdict));
        if (verdict is Verdict.Deny denied)
        {
            Assert.Equal((Codes.GuardrailCoolsDown, DenialKind.Limited), (denied.Code, denied.Kind));
            Assert.Equal(TimeSpan.FromMilliseconds(10_000 - milliseconds), denied.RetryAfter);
            Assert.Contains("Let it cool.", denied.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_three_in_sixty_seconds_the_fourth_is_refused_until_the_first_leaves()
    {
        var table = new GuardrailFixture(Machine("""{"constraint_type":"max_frequency","action":"read_data","window_seconds":60,"max_count":3}"""));
        for (var i = 0; i < 3; i++)
        {
            Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
            table.Time.Advance(TimeSpan.FromSeconds(1));
        }

        var denied = Assert.IsType<Verdict.Deny>(await table.RunAsync("read_data"));
        Assert.Equal((Codes.GuardrailCallsReached, "max_frequency:read_data", TimeSpan.FromSeconds(57)), (denied.Code, Constraint(denied), denied.RetryAfter));
        table.Time.Advance(TimeSpan.FromSeconds(57));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
        Assert.Equal("max_frequency:read_data", Constraint(await table.RunAsync("read_data")));
    }

    /// <summary>Exclusion of 5 s: another event one second earlier refuses.</summary>
    [Theory]
    [InlineData(1_000, true)]
    [InlineData(4_999, true)]
    [InlineData(5_000, false)]
    public async Task An_exclusion_refuses_after_anything_at_all(int milliseconds, bool refused)
    {
        var table = new GuardrailFixture(Machine("""{"constraint_type":"temporal_exclusion","action":"delete_*","window_seconds":5}"""));
        await table.RunAsync("read_data");
        table.Time.Advance(TimeSpan.FromMilliseconds(milliseconds));

        var verdict = await table.RunAsync("delete_rows");
        Assert.Equal(refused ? "temporal_exclusion:delete_*" : null, Constraint(verdict));
        Assert.Equal(refused ? Codes.GuardrailExcludes : null, (verdict as Verdict.Deny)?.Code);
        Assert.Equal(refused ? TimeSpan.FromMilliseconds(5_000 - milliseconds) : null, (verdict as Verdict.Deny)?.RetryAfter);
    }

    [Fact]
    public async Task Sessions_are_apart_and_so_are_principals_that_name_one_alike()
    {
        var table = new GuardrailFixture(Machine());
        Assert.IsType<Verdict.Allow>(await table.AskAsync("read_data", session: "s1"));
        Assert.IsType<Verdict.Deny>(await table.AskAsync("finish", session: "s2"));
        Assert.IsType<Verdict.Deny>(await table.AskAsync("finish"));
        Assert.IsType<Verdict.Deny>(await table.AskAsync("finish", session: "s1", agent: "agent_b"));
        Assert.IsType<Verdict.Deny>(await table.AskAsync("finish", session: "s1", tenant: "t2"));
        Assert.IsType<Verdict.Allow>(await table.AskAsync("finish", session: "s1"));
    }

    [Fact]
    public async Task A_reset_begins_anew()
    {
        var table = new GuardrailFixture(Machine("""{"constraint_type":"cooldown","action":"read_data","window_seconds":10}"""));
        await table.RunAsync("read_data");
        Assert.Equal(1, await table.Store.RemoveAsync("t1", "table", null, null, default));
        Assert.Equal("no_transition:finish", Constraint(await table.RunAsync("finish")));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
    }

    [Fact]
    public async Task A_watching_set_keeps_a_state_of_its_own()
    {
        var table = new GuardrailFixture(Machine());
        var watched = new GuardrailFixture(Machine(mode: "shadow")) { Store = table.Store };
        await watched.RunAsync("read_data");

        Assert.Equal("no_transition:finish", Constraint(await table.RunAsync("finish")));
        Assert.IsType<Verdict.Allow>(await watched.RunAsync("finish"));
        Assert.Equal("shadow:table", Assert.Single(await table.Store.ListAsync("t1", "shadow:table", 9, default)).Key.Guardrail);
    }

    [Fact]
    public async Task A_session_begins_anew_after_its_time()
    {
        var table = new GuardrailFixture(Machine(more: ",\"session_ttl\":\"1h\""));
        await table.RunAsync("read_data");
        table.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
        table.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("no_transition:finish", Constraint(await table.RunAsync("finish")));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
    }

    [Fact]
    public async Task A_lost_store_closes_or_opens_as_declared()
    {
        var closed = new GuardrailFixture(Machine()) { Store = new LostStore() };
        var denied = Assert.IsType<Verdict.Deny>(await closed.RunAsync("read_data"));
        Assert.Equal((Codes.GuardrailStoreLost, DenialKind.Unavailable), (denied.Code, denied.Kind));
        Assert.Contains(Codes.GuardrailStoreLost, closed.Health.Remark, StringComparison.Ordinal);

        var open = new GuardrailFixture(Machine(more: ",\"on_store_loss\":\"allow\"")) { Store = new LostStore() };
        var allowed = Assert.IsType<Verdict.Allow>(await open.RunAsync("read_data"));
        Assert.Equal(new Finding("table:states", Note: GuardrailGuard.Uncounted), Assert.Single(allowed.Findings));
    }

    [Fact]
    public async Task An_open_machine_does_not_see_what_it_does_not_name()
    {
        var table = new GuardrailFixture(Machine(more: ",\"closed\":false"));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("drop_table"));
        Assert.Equal("no_transition:finish", Constraint(await table.RunAsync("finish")));
    }

    [Fact]
    public async Task A_call_that_did_not_happen_moves_nothing_whatever_order_calls_end_in()
    {
        var table = new GuardrailFixture(Machine());
        await table.RunAsync("read_data", CallFate.Failed);
        Assert.Equal("no_transition:finish", Constraint(await table.RunAsync("finish")));

        // Two on the way, the first fails first: the second stands until it fails too.
        await table.AskAsync("read_data");
        var first = table.Scope;
        await table.AskAsync("finish");
        var second = table.Scope;
        await EndAsync(first, CallFate.Failed);
        Assert.Equal("no_transition:finish", Constraint(await table.RunAsync("finish")));
        await EndAsync(second, CallFate.NotRun);
        Assert.IsType<Verdict.Allow>(await table.RunAsync("read_data"));
        Assert.IsType<Verdict.Allow>(await table.RunAsync("finish"));
    }

    [Fact]
    public async Task A_call_that_is_resumed_is_not_counted_twice()
    {
        var table = new GuardrailFixture(Machine("""{"constraint_type":"cooldown","action":"delete_*","window_seconds":600}"""));
        await table.RunAsync("read_data");
        var held = table.Call("delete_rows");
        Assert.IsType<Verdict.Allow>(await table.AskAsync(held));
        await EndAsync(table.Scope, CallFate.Held);

        Assert.Equal("cooldown:delete_*", Constraint(await table.RunAsync("delete_rows")));
        Assert.IsType<Verdict.Allow>(await table.AskAsync(held));
        await EndAsync(table.Scope, CallFate.NotRun);
        Assert.IsType<Verdict.Allow>(await table.RunAsync("delete_rows"));
    }

    /// <summary>A store that never answers.</summary>
    private sealed class LostStore : IGuardrailStore
    {
        public ValueTask<T> ChangeAsync<T>(IReadOnlyList<TrackKey> keys, Func<IReadOnlyList<GuardrailTrack>, DateTimeOffset, T> change, CancellationToken cancellationToken)
            => throw new GuardrailStoreLostException("a test");

        public ValueTask<IReadOnlyList<(TrackKey Key, GuardrailTrack Track)>> ListAsync(string tenant, string guardrail, int most, CancellationToken cancellationToken)
            => throw new GuardrailStoreLostException("a test");

        public ValueTask<int> RemoveAsync(string tenant, string guardrail, string? rule, string? scope, CancellationToken cancellationToken)
            => throw new GuardrailStoreLostException("a test");

        public ValueTask<int> PurgeAsync(CancellationToken cancellationToken) => throw new GuardrailStoreLostException("a test");
    }
}
