using System.Globalization;
using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Budgets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Budgets;

/// <summary>What callers ask at the same time is judged as if they had come one after the other, in the order in which they queued.</summary>
public sealed class LedgerBatchTests
{
    private static readonly string[] s_agents = ["a", "b", "c"];
    private static readonly string[] s_tenants = ["t1", "t2"];

    private static int Schedules
        => int.TryParse(Environment.GetEnvironmentVariable("AGENTGATE_LAW_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count / 400 : 4;

    [Fact]
    public async Task Batches_over_two_ledgers_are_judged_as_the_ledger_in_process_judges_one_call_after_the_other()
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            await RunAsync(seed);
        }
    }

    [Fact]
    public async Task Random_batches_of_two_ledgers_at_the_same_time_never_pass_a_limit_and_never_wait_in_a_circle()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var another = database.Another();
        var options = Options(Rule("agent", 5_000), Rule("tenant", 12_000, BudgetPer.Tenant), Rule("all", 20_000, BudgetPer.All));
        var rules = new RuleSet(options);
        PostgresBudgetLedger[] ledgers = [PostgresBudgetLedgerTests.Ledger(database.Database, options), PostgresBudgetLedgerTests.Ledger(another, options)];
        var (over, granted) = (0, 0);

        await Task.WhenAll(ledgers.Select((ledger, at) => Task.Run(async () =>
        {
            var random = new Random(at);
            for (var round = 0; round < 12; round++)
            {
                await Task.WhenAll(Enumerable.Range(0, random.Next(1, 40)).Select(async _ =>
                {
                    var agent = Agent(s_agents[random.Next(3)], s_tenants[random.Next(2)]);
                    var cost = random.NextDouble();
                    var result = await ledger.ReserveAsync(rules.Covering(agent, "m"), agent, new ReservationRequest(random.Next(100), random.Next(8), random.Next(1, 200), 1));
                    if (result.Granted is { } reservation)
                    {
                        Interlocked.Increment(ref granted);
                        Interlocked.Add(ref over, ledger.StatesOf(reservation).Count(state => state.SpentUsd + state.ReservedUsd > state.LimitUsd));
                        await ledger.SettleAsync(reservation, (long)(cost * reservation.Amount));
                    }
                }));
            }
        })));

        Assert.Equal(0, over);
        Assert.True(granted > 20, $"{granted} were granted");
        foreach (var agent in s_tenants.SelectMany(tenant => s_agents.Select(name => Agent(name, tenant))))
        {
            Assert.All(await ledgers[0].StatesOfAsync(agent, TestContext.Current.CancellationToken), state => Assert.True(state.ReservedUsd == 0m && state.SpentUsd <= state.LimitUsd, state.ToString()));
        }

        await using var deadlocks = database.Database.System.CreateCommand("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
        Assert.Equal(0L, await deadlocks.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sum_that_cannot_be_fails_its_caller_and_nobody_else_of_the_batch()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = Options(Rule("r", 1_000, BudgetPer.All));
        var rules = new RuleSet(options);
        var ledger = PostgresBudgetLedgerTests.Ledger(database.Database, options);
        var covering = rules.Covering(Agent("a"), "m");
        Reservation[] held = [.. (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ledger.ReserveAsync(covering, Agent("a"), new ReservationRequest(10, 0, 0, 0)).AsTask()))).Select(result => result.Granted!)];
        await ledger.SettleAsync(held[0], 10);

        // The first goes alone, and those behind it together.
        var settled = held[1..].Select((reservation, at) => ledger.SettleAsync(reservation, at == 2 ? long.MaxValue : 7).AsTask()).ToArray();

        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => settled[2]);
        Assert.All(await Task.WhenAll(settled.Where((_, at) => at != 2)), Assert.True);
        var state = Assert.Single(await ledger.StatesOfAsync(Agent("a"), TestContext.Current.CancellationToken));
        Assert.Equal((38m, 10m), (state.SpentUsd * NanoUsd.PerUsd, state.ReservedUsd * NanoUsd.PerUsd));
    }

    [Fact]
    public async Task Calls_that_come_together_share_transactions()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = Options(Rule("r", 1_000_000, BudgetPer.All));
        var rules = new RuleSet(options);
        var ledger = PostgresBudgetLedgerTests.Ledger(database.Database, options);
        var covering = rules.Covering(Agent("a"), "m");

        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => ledger.ReserveAsync(covering, Agent("a"), new ReservationRequest(10, 0, 0, 0)).AsTask()));

        Assert.All(results, result => Assert.NotNull(result.Granted));
        await using var transactions = database.Database.System.CreateCommand("SELECT count(DISTINCT xmin::text) FROM budget_reservations");
        Assert.InRange((long)(await transactions.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, 1, 16);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 30, 0, TimeSpan.Zero));
        var options = Options([.. Enumerable.Range(0, random.Next(1, 4)).Select(rule => Rule("r" + rule, random.Next(1, 5_000), (BudgetPer)random.Next(4), (BudgetWindow)random.Next(4)))]);
        options.LostSettlement = random.Next(2) == 0 ? LostSettlement.ChargeReservation : LostSettlement.Release;
        var rules = new RuleSet(options);
        var model = new BudgetLedger(rules, options, null, clock, new BudgetMetrics(), [], NullLogger<BudgetLedger>.Instance);
        await using var database = await PostgresTestDatabase.CreateAsync();
        await using var another = database.Another();
        PostgresBudgetLedger[] ledgers = [PostgresBudgetLedgerTests.Ledger(database.Database, options, clock), PostgresBudgetLedgerTests.Ledger(another, options, clock)];
        var held = new (Reservation Model, Reservation Actual)?[24];
        for (var step = 0; step < 16; step++)
        {
            var ledger = ledgers[random.Next(2)];
            List<Func<Task>> answers = [];
            for (var posted = 0; posted < random.Next(1, 20); posted++)
            {
                var caller = random.Next(held.Length);
                var agent = Agent(s_agents[caller % 3], s_tenants[caller % 2]);
                if (random.Next(3) > 0 || held[caller] is not { } pair)
                {
                    var request = new ReservationRequest(random.Next(300), random.Next(8) * 0.375m, random.Next(1, 400), random.Next(1, 20));
                    var (covering, former) = (rules.Covering(agent, "m"), held[caller]);
                    held[caller] = null;
                    var expected = model.Reserve(covering, agent, request, former?.Model);

                    // Queued in this order: the queue has places, so nothing before it waits.
                    var asked = ledger.ReserveAsync(covering, agent, request, former?.Actual).AsTask();
                    answers.Add(async () =>
                    {
                        var actual = await asked;
                        Assert.Equal(
                            (seed, step, expected.Granted?.Amount, expected.Granted?.TokensMax, expected.Short?.Rule.Name, expected.ShortState),
                            (seed, step, actual.Granted?.Amount, actual.Granted?.TokensMax, actual.Short?.Rule.Name, actual.ShortState));
                        held[caller] ??= expected.Granted is null ? null : (expected.Granted, actual.Granted!);
                    });
                }
                else
                {
                    var cost = random.NextInt64(pair.Model.Amount + 1);
                    held[caller] = null;
                    var (expected, asked) = (model.Settle(pair.Model, cost), ledger.SettleAsync(pair.Actual, cost).AsTask());
                    answers.Add(async () => Assert.Equal(expected, await asked));
                }
            }

            foreach (var answer in answers)
            {
                await answer();
            }

            foreach (var tenant in s_tenants)
            {
                Assert.Equal(model.StatesOf(tenant), await ledgers[random.Next(2)].StatesOfAsync(tenant, TestContext.Current.CancellationToken));
            }

            clock.Advance(TimeSpan.FromSeconds(random.Next(4) == 0 ? random.Next(random.Next(4) == 0 ? 200_000 : 800) : 0));
        }
    }

    private static BudgetOptions Options(params BudgetRule[] rules)
    {
        var options = new BudgetOptions();
        Array.ForEach(rules, options.Rules.Add);
        return options;
    }

    private static BudgetRule Rule(string name, long nano, BudgetPer per = BudgetPer.Principal, BudgetWindow window = BudgetWindow.Total)
        => new() { Name = name, LimitUsd = nano / NanoUsd.PerUsd, Per = per, Window = window };

    private static Principal Agent(string id, string tenant = "t1") => new() { Id = id, Tenant = tenant, KeyId = "k-" + id };
}
