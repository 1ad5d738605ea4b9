using AgentGate.Guardrails;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Storage.Tests.Guardrails;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;
using static AgentGate.Storage.Tests.Guardrails.GuardrailServer;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IGuardrailStore"/> must do, asked by the guard of several servers that share it.</summary>
public abstract class GuardrailStoreConformance : IAsyncDisposable
{
    private const string Mail = """{"policy_id":"mail","policies":[{"tool":"send_*","max_calls":5,"window":"1h","scope":"agent"}]}""";

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static int s_tenants;

    /// <summary>How many random schedules the law is tried on.</summary>
    private protected abstract int Schedules { get; }

    /// <summary>A store as two servers see it.</summary>
    private protected abstract Task<(IGuardrailStore First, IGuardrailStore Second)> CreateAsync(TimeProvider clock);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Of_many_calls_at_once_through_two_servers_exactly_as_many_pass_as_the_rule_has()
    {
        var time = new FakeTimeProvider(Start);
        var (first, second) = await CreateAsync(time);
        GuardrailServer[] servers = [new(first, time, Mail), new(second, time, Mail)];
        async Task<(Verdict Verdict, CallScope Scope)[]> CrowdAsync(string round)
            => await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => servers[i % 2].AskAsync(Call($"{round}-{i}", tool: i % 3 == 0 ? "send_sms" : "send_email")))));

        var crowd = await CrowdAsync("a");
        var passed = crowd.Where(one => one.Verdict is Verdict.Allow).ToArray();
        Assert.Equal(5, passed.Length);
        Assert.All(crowd.Except(passed), one => Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<Verdict.Deny>(one.Verdict).RetryAfter));

        // Two of them did not happen: two others may, and no more.
        await EndAsync(passed[0].Scope, CallFate.NotRun);
        await EndAsync(passed[1].Scope, CallFate.Failed);
        await EndAsync(passed[2].Scope, CallFate.Completed);
        await EndAsync(passed[3].Scope, CallFate.Uncertain);
        Assert.Equal(2, (await CrowdAsync("b")).Count(one => one.Verdict is Verdict.Allow));

        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, (await CrowdAsync("c")).Count(one => one.Verdict is Verdict.Allow));
    }

    [Fact]
    public async Task A_call_counts_in_all_rules_or_in_none_when_many_come_at_once()
    {
        const string Both = """
            {"policy_id":"both","policies":[
              {"name":"wide","tool":"*","max_calls":6,"window":"1h","scope":"tenant"},
              {"name":"narrow","tool":"send_email","max_calls":2,"window":"1h","scope":"agent"}]}
            """;
        var time = new FakeTimeProvider(Start);
        var (first, second) = await CreateAsync(time);
        GuardrailServer[] servers = [new(first, time, Both), new(second, time, Both)];

        // What the narrow rule refuses takes nothing of the wide one: the other tool gets the four that are left.
        var mails = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => servers[i % 2].AskAsync(Call($"m-{i}")))));
        var others = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => servers[i % 2].AskAsync(Call($"o-{i}", tool: "read")))));
        Assert.Equal((2, 4), (mails.Count(one => one.Verdict is Verdict.Allow), others.Count(one => one.Verdict is Verdict.Allow)));
    }

    [Fact]
    public async Task Of_many_calls_at_once_one_moves_a_state_machine()
    {
        const string Once = """
            {"policy_id":"once","version":"1","initial_state":"idle","states":{
              "idle":{"transitions":[{"action":"start","next_state":"active"}]},"active":{"transitions":[{"action":"finish","next_state":"idle"}]}}}
            """;
        var time = new FakeTimeProvider(Start);
        var (first, second) = await CreateAsync(time);
        GuardrailServer[] servers = [new(first, time, Once), new(second, time, Once)];
        var crowd = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => servers[i % 2].AskAsync(Call($"s-{i}", tool: "start")))));

        Assert.Single(crowd, one => one.Verdict is Verdict.Allow);
        Assert.IsType<Verdict.Allow>((await servers[0].AskAsync(Call("f", tool: "finish"))).Verdict);
    }

    [Fact]
    public async Task What_is_remembered_is_listed_forgotten_and_purged_for_its_tenant_alone()
    {
        var time = new FakeTimeProvider(Start);
        var (first, second) = await CreateAsync(time);
        var server = new GuardrailServer(first, time, Mail);
        await server.AskAsync(Call("1"));
        await server.AskAsync(Call("2", agent: "agent_b"));
        await server.AskAsync(Call("3", tenant: "t2"));

        var tracks = await second.ListAsync("t1", "mail", 10, default);
        Assert.Equal(["agent:agent_a", "agent:agent_b"], tracks.Select(track => track.Key.Scope));
        Assert.Equal(("1", "send_email"), (tracks[0].Track.Events[0].Call, tracks[0].Track.Events[0].Action));
        Assert.Single(await second.ListAsync("t1", "mail", 1, default));
        Assert.Empty(await second.ListAsync("t1", "other", 10, default));

        Assert.Equal(0, await second.RemoveAsync("t1", "mail", "rule-2", null, default));
        Assert.Equal(1, await second.RemoveAsync("t1", "mail", "rule-1", "agent:agent_b", default));
        Assert.Single(await first.ListAsync("t1", "mail", 10, default));
        Assert.Single(await first.ListAsync("t2", "mail", 10, default));

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await first.PurgeAsync(default));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(2, await first.PurgeAsync(default));
        Assert.Empty(await second.ListAsync("t1", "mail", 10, default));
    }

    /// <summary>
    /// Calls begin, end one way or another and time passes, in any order and over two servers; each is judged as by a model that remembers
    /// every call in a list.
    /// </summary>
    [Fact]
    public async Task Every_interleaving_is_judged_as_by_a_model_that_remembers_everything()
    {
        var time = new FakeTimeProvider(Start);
        var (first, second) = await CreateAsync(time);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(Schedules),
            Prop.ForAll(s_schedule.ToArbitrary(), schedule => RunAsync(schedule, time, first, second).GetAwaiter().GetResult()));
    }

    private static readonly Gen<Rules> s_rules =
        from most in Gen.Choose(1, 4)
        from window in Gen.Elements(1, 5, 10)
        from cooldown in Gen.Elements(0, 0, 1, 3)
        from countsFailed in Gen.Elements(false, false, true)
        select new Rules(most, window, cooldown, countsFailed);

    private static readonly Gen<Step> s_step =
        from kind in Gen.Frequency((6, Gen.Constant(Kind.Call)), (1, Gen.Constant(Kind.Finish)), (2, Gen.Constant(Kind.Fail)), (2, Gen.Constant(Kind.Refuse)), (1, Gen.Constant(Kind.Crash)))
        from wait in Gen.Frequency((3, Gen.Constant(0)), (2, Gen.Choose(1, 1_500)), (2, Gen.Elements(999, 1_000, 3_000, 5_000, 10_000)))
        from who in Gen.Choose(0, 2)
        select new Step(kind, wait, who);

    private static readonly Gen<(Rules Rules, Step[] Steps)> s_schedule =
        from rules in s_rules
        from length in Gen.Choose(1, 30)
        from steps in s_step.ArrayOf(length)
        select (rules, steps);

    private enum Kind
    {
        Call,
        Finish,
        Fail,
        Refuse,
        Crash,
    }

    private static async Task RunAsync((Rules Rules, Step[] Steps) schedule, FakeTimeProvider time, IGuardrailStore first, IGuardrailStore second)
    {
        var (rules, steps) = schedule;
        var tenant = $"law{Interlocked.Increment(ref s_tenants)}";
        var counts = rules.CountsFailed ? "true" : "false";
        var pause = rules.Cooldown == 0 ? "" : $$""","cooldown":"{{rules.Cooldown}}s" """;
        var set = $$"""
            {"policy_id":"law","policies":[
              {"tool":"send_*","max_calls":{{rules.Most}},"window":"{{rules.Window}}s"{{pause}},"scope":"agent","count_failed":{{counts}} },
              {"tool":"*","max_calls":{{rules.Most + 2}},"window":"{{rules.Window}}s","scope":"tenant"}]}
            """;
        GuardrailServer[] servers = [new(first, time, set), new(second, time, set)];
        List<(string Agent, DateTimeOffset At, bool InFirst, bool InSecond)> model = [];
        List<(int Place, CallScope Scope)> open = [];
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, wait, who) = steps[i];
            time.Advance(TimeSpan.FromMilliseconds(wait));
            if (kind == Kind.Call)
            {
                var (agent, now) = ($"agent_{who}", time.GetUtcNow());
                var fits = rules.Fits(model, agent, now);
                var (verdict, scope) = await servers[i % 2].AskAsync(Call($"{tenant}-{i}", agent: agent, tenant: tenant));
                Assert.Equal(fits, verdict is Verdict.Allow);
                if (verdict is Verdict.Deny denied)
                {
                    // The wait that is told is the first that helps: one millisecond before the model still refuses.
                    Assert.True(rules.Fits(model, agent, now + denied.RetryAfter!.Value));
                    Assert.False(rules.Fits(model, agent, now + denied.RetryAfter.Value - TimeSpan.FromMilliseconds(1)));
                    continue;
                }

                open.Add((model.Count, scope));
                model.Add((agent, now, true, true));
            }
            else if (open.Count > 0)
            {
                var (place, scope) = open[who % open.Count];
                open.RemoveAt(who % open.Count);
                if (kind == Kind.Crash)
                {
                    // Nobody tells: it stays counted.
                    continue;
                }

                await EndAsync(scope, kind switch { Kind.Finish => CallFate.Completed, Kind.Fail => CallFate.Failed, _ => CallFate.NotRun });
                if (kind != Kind.Finish)
                {
                    model[place] = model[place] with { InFirst = kind == Kind.Fail && rules.CountsFailed && model[place].InFirst, InSecond = false };
                }
            }
        }
    }

    private sealed record Step(Kind Kind, int Wait, int Who);

    private sealed record Rules(int Most, int Window, int Cooldown, bool CountsFailed)
    {
        public bool Fits(List<(string Agent, DateTimeOffset At, bool InFirst, bool InSecond)> model, string agent, DateTimeOffset now)
        {
            var since = now - TimeSpan.FromSeconds(Window);
            return model.Count(one => one.InFirst && one.Agent == agent && one.At > since) < Most
                && !model.Exists(one => one.InFirst && one.Agent == agent && one.At > now - TimeSpan.FromSeconds(Cooldown))
                && model.Count(one => one.InSecond && one.At > since) < Most + 2;
        }
    }
}
