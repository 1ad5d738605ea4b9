using System.Globalization;
using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IBudgetLedger"/> must do. The model is the ledger in process, which has laws of its own.</summary>
public abstract class BudgetLedgerConformance
{
    private const int Callers = 64;
    private const int Calls = 5;
    private static readonly string[] s_agents = ["a", "b", "c"];
    private static readonly string[] s_tenants = ["t1", "t2"];

    /// <summary>How many random schedules are tried; a part of what the laws of the ledger in process get.</summary>
    private static int Schedules
        => int.TryParse(Environment.GetEnvironmentVariable("AGENTGATE_LAW_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count / 200 : 12;

    /// <summary>Two instances over the same counters.</summary>
    private protected abstract Task<(IBudgetLedger First, IBudgetLedger Second)> CreateAsync(RuleSet rules, BudgetOptions options, TimeProvider? clock, IBudgetEvents events);

    [Fact]
    public async Task A_schedule_is_judged_as_by_the_ledger_in_process()
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            await RunAsync(seed);
        }
    }

    [Fact]
    public async Task Sixty_four_callers_over_two_instances_pass_no_budget_and_leave_nothing_reserved()
    {
        var options = Options(Rule("agent", 50_000), Rule("tenant", 120_000, BudgetPer.Tenant), Rule("all", 200_000, BudgetPer.All));
        var rules = new RuleSet(options);
        var (first, second) = await CreateAsync(rules, options, null, new Heard());
        var (granted, over) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            var (ledger, agent) = (caller % 2 == 0 ? first : second, Agent(s_agents[caller % 3], s_tenants[caller % 2]));
            for (var call = 0; call < Calls; call++)
            {
                var request = new ReservationRequest(random.Next(1_000), random.Next(8), random.Next(1, 2_000), 1);
                if ((await ledger.ReserveAsync(rules.Covering(agent, "m"), agent, request)).Granted is { } reservation)
                {
                    Interlocked.Increment(ref granted);
                    Interlocked.Add(ref over, ledger.StatesOf(reservation).Count(state => state.SpentUsd + state.ReservedUsd > state.LimitUsd));
                    await ledger.SettleAsync(reservation, random.NextInt64(reservation.Amount + 1));
                }
            }
        })));

        Assert.Equal(0, over);
        Assert.InRange(granted, 1, Callers * Calls);
        foreach (var agent in s_tenants.SelectMany(tenant => s_agents.Select(name => Agent(name, tenant))))
        {
            foreach (var state in await second.StatesOfAsync(agent, TestContext.Current.CancellationToken))
            {
                Assert.Equal(0m, state.ReservedUsd);
                Assert.InRange(state.SpentUsd, 0m, state.LimitUsd);
            }
        }
    }

    [Fact]
    public async Task The_last_room_is_granted_once_whoever_asks_at_the_same_time()
    {
        var options = Options(Rule("a", 10), Rule("b", 1_000, BudgetPer.Tenant));
        var rules = new RuleSet(options);
        var (first, second) = await CreateAsync(rules, options, null, new Heard());
        var covering = rules.Covering(Agent("a"), "m");

        var results = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
            await (caller % 2 == 0 ? first : second).ReserveAsync(covering, Agent("a"), new ReservationRequest(1, 0, 0, 0)))));

        Assert.Equal(10, results.Count(result => result.Granted is not null));
        Assert.All(results.Where(result => result.Granted is null), result => Assert.Equal("a", result.ShortState!.Rule));
        Assert.Equal([10m, 10m], (await first.StatesOfAsync(Agent("a"), TestContext.Current.CancellationToken)).Select(state => state.ReservedUsd * NanoUsd.PerUsd));
    }

    [Fact]
    public async Task A_settlement_counts_once_however_often_it_is_made()
    {
        var options = Options(Rule("a", 100));
        var rules = new RuleSet(options);
        var (first, _) = await CreateAsync(rules, options, null, new Heard());
        var reservation = (await first.ReserveAsync(rules.Covering(Agent("a"), "m"), Agent("a"), new ReservationRequest(60, 0, 0, 0))).Granted!;

        var settled = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () => await first.SettleAsync(reservation, 25))));

        Assert.Single(settled, isFirst => isFirst);
        var state = Assert.Single(await first.StatesOfAsync(Agent("a"), TestContext.Current.CancellationToken));
        Assert.Equal((25m, 0m), (state.SpentUsd * NanoUsd.PerUsd, state.ReservedUsd));
    }

    [Fact]
    public async Task A_threshold_is_told_once_by_whoever_passes_it()
    {
        var options = Options(Rule("a", 1_000, BudgetPer.All));
        options.Rules[0].AlertAt.Add(0.5m);
        options.Rules[0].AlertAt.Add(0.9m);
        var heard = new Heard();
        var rules = new RuleSet(options);
        var (first, second) = await CreateAsync(rules, options, null, heard);
        var covering = rules.Covering(Agent("a"), "m");

        await Task.WhenAll(Enumerable.Range(0, 40).Select(caller => Task.Run(async () =>
        {
            var ledger = caller % 2 == 0 ? first : second;
            var granted = (await ledger.ReserveAsync(covering, Agent("a", s_tenants[caller % 2]), new ReservationRequest(25, 0, 0, 0))).Granted!;
            await ledger.SettleAsync(granted, 25);
        })));

        Assert.Equal([0.5m, 0.9m], heard.Thresholds.Order());
    }

    [Fact]
    public async Task A_tenant_sees_its_own_counters_and_none_that_all_share()
    {
        var options = Options(Rule("agent", 100), Rule("all", 100, BudgetPer.All));
        var rules = new RuleSet(options);
        var (first, second) = await CreateAsync(rules, options, null, new Heard());
        foreach (var tenant in s_tenants)
        {
            await first.ReserveAsync(rules.Covering(Agent("a", tenant), "m"), Agent("a", tenant), new ReservationRequest(10, 0, 0, 0));
        }

        var seen = Assert.Single(await second.StatesOfAsync("t1", TestContext.Current.CancellationToken));
        Assert.Equal(("agent", 10m), (seen.Rule, seen.ReservedUsd * NanoUsd.PerUsd));
        Assert.Empty(await second.StatesOfAsync("t3", TestContext.Current.CancellationToken));
        Assert.Equal(20m, (await second.StatesOfAsync(Agent("a"), TestContext.Current.CancellationToken)).Single(state => state.Rule == "all").ReservedUsd * NanoUsd.PerUsd);
    }

    private async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 30, 0, TimeSpan.Zero));
        var options = Options([.. Enumerable.Range(0, random.Next(1, 4)).Select(rule => Rule(
            "r" + rule, random.Next(1, 5_000), (BudgetPer)random.Next(4), (BudgetWindow)random.Next(4)))]);
        options.LostSettlement = random.Next(2) == 0 ? LostSettlement.ChargeReservation : LostSettlement.Release;
        options.Rules[0].AlertAt.Add(0.3m);
        options.Rules[0].AlertAt.Add(0.7m);
        var rules = new RuleSet(options);
        var (expectedHeard, actualHeard) = (new Heard(), new Heard());
        var model = new BudgetLedger(rules, options, null, clock, new BudgetMetrics(), [expectedHeard], NullLogger<BudgetLedger>.Instance);
        var (first, second) = await CreateAsync(rules, options, clock, actualHeard);
        var held = new (Reservation Model, Reservation Actual)?[12];
        for (var step = 0; step < 60; step++)
        {
            var caller = random.Next(held.Length);
            var (agent, ledger) = (Agent(s_agents[caller % 3], s_tenants[caller % 2]), random.Next(2) == 0 ? first : second);
            switch (random.Next(10))
            {
                case < 5:
                    var request = new ReservationRequest(random.Next(300), random.Next(8) / 3m, random.Next(1, 400), random.Next(1, 20));
                    var covering = rules.Covering(agent, "m");
                    var (expected, actual) = (model.Reserve(covering, agent, request, held[caller]?.Model), await ledger.ReserveAsync(covering, agent, request, held[caller]?.Actual));
                    AssertSame(seed, step, expected, actual);
                    held[caller] = expected.Granted is null ? null : (expected.Granted, actual.Granted!);
                    break;
                case < 8 when held[caller] is { } pair:
                    var cost = random.NextInt64(pair.Model.Amount + 1);
                    Assert.Equal(model.Settle(pair.Model, cost), await ledger.SettleAsync(pair.Actual, cost));
                    Assert.Equal(model.StatesOf(pair.Model), ledger.StatesOf(pair.Actual));
                    held[caller] = null;
                    break;
                case 8:
                    held[caller] = null;
                    break;
                case 9:
                    clock.Advance(TimeSpan.FromSeconds(random.Next(random.Next(10) == 0 ? 200_000 : 400)));
                    break;
            }

            Assert.Equal(model.StatesOf(agent), await ledger.StatesOfAsync(agent, TestContext.Current.CancellationToken));
        }

        foreach (var tenant in s_tenants)
        {
            Assert.Equal(model.StatesOf(tenant), await second.StatesOfAsync(tenant, TestContext.Current.CancellationToken));
        }

        if (options.LostSettlement == LostSettlement.Release)
        {
            Assert.Equal(expectedHeard.Thresholds.Order(), actualHeard.Thresholds.Order());
        }
    }

    private static void AssertSame(int seed, int step, ReservationResult expected, ReservationResult actual)
    {
        if ((expected.Granted?.Amount, expected.Granted?.TokensMax, expected.Short?.Rule.Name, expected.ShortState)
            != (actual.Granted?.Amount, actual.Granted?.TokensMax, actual.Short?.Rule.Name, actual.ShortState))
        {
            Assert.Fail($"Schedule {seed}, step {step}: {expected.Granted?.Amount}/{expected.Granted?.TokensMax}/{expected.ShortState} but {actual.Granted?.Amount}/{actual.Granted?.TokensMax}/{actual.ShortState}");
        }
    }

    private protected static BudgetOptions Options(params BudgetRule[] rules)
    {
        var options = new BudgetOptions();
        Array.ForEach(rules, options.Rules.Add);
        return options;
    }

    private protected static BudgetRule Rule(string name, long nano, BudgetPer per = BudgetPer.Principal, BudgetWindow window = BudgetWindow.Total)
        => new() { Name = name, LimitUsd = nano / NanoUsd.PerUsd, Per = per, Window = window };

    private protected static Principal Agent(string id, string tenant = "t1") => new() { Id = id, Tenant = tenant, KeyId = "k-" + id };

    private protected sealed class Heard : IBudgetEvents
    {
        private readonly Lock _lock = new();

        public List<decimal> Thresholds { get; } = [];

        public void Passed(string tenant, BudgetState state, decimal threshold)
        {
            lock (_lock)
            {
                Thresholds.Add(threshold);
            }
        }
    }
}
