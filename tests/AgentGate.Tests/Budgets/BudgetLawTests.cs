using System.Globalization;
using AgentGate.Budgets;

namespace AgentGate.Tests.Budgets;

/// <summary>Whatever happens in whatever order: no budget is passed, and nothing stays reserved.</summary>
public sealed class BudgetLawTests
{
    private static readonly string[] s_agents = ["a", "b", "c"];
    private static readonly string[] s_tenants = ["t1", "t2"];

    /// <summary>How many random schedules are tried; the laws run takes 10^5.</summary>
    private static int Schedules
        => int.TryParse(Environment.GetEnvironmentVariable("AGENTGATE_LAW_SCHEDULES"), CultureInfo.InvariantCulture, out var count) ? count : 400;

    [Fact]
    public void No_schedule_of_64_callers_passes_a_budget_or_leaves_money_reserved()
    {
        for (var seed = 0; seed < Schedules; seed++)
        {
            Run(seed);
        }
    }

    [Fact]
    public async Task Sixty_four_threads_at_once_pass_no_budget_and_leave_nothing_reserved()
    {
        const int Callers = 64;
        const int Calls = 200;
        var budgets = new BudgetFixture().Rule(0.000_05m, "agent").Rule(0.000_12m, "tenant", BudgetPer.Tenant).Rule(0.000_2m, "all", BudgetPer.All);
        // Made before the threads: the fixture makes them at first use, and two threads would make two.
        var (ledger, rules) = (budgets.Ledger, budgets.Rules);
        using var start = new Barrier(Callers);
        var granted = 0;
        var over = 0;

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(caller);
                start.SignalAndWait();
                for (var call = 0; call < Calls; call++)
                {
                    var result = ledger.Reserve(
                        rules.Covering(BudgetFixture.Agent(s_agents[caller % 3], s_tenants[caller % 2]), "m"),
                        BudgetFixture.Agent(s_agents[caller % 3], s_tenants[caller % 2]),
                        new ReservationRequest(random.Next(100), random.Next(8), random.Next(1, 200), 1));
                    if (result.Granted is { } reservation)
                    {
                        Interlocked.Increment(ref granted);
                        Interlocked.Add(ref over, ledger.StatesOf(reservation).Count(s => s.SpentUsd + s.ReservedUsd > s.LimitUsd));
                        ledger.Settle(reservation, random.NextInt64(reservation.Amount + 1));
                    }
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Equal(0, over);
        Assert.InRange(granted, 1, Callers * Calls);
        foreach (var state in s_tenants.SelectMany(tenant => s_agents.SelectMany(agent => ledger.StatesOf(BudgetFixture.Agent(agent, tenant)))))
        {
            Assert.Equal(0m, state.ReservedUsd);
            Assert.InRange(state.SpentUsd, 0m, state.LimitUsd);
        }
    }

    /// <summary>One schedule: 64 callers take turns in random order; some never settle, time jumps over leases and windows.</summary>
    private static void Run(int seed)
    {
        var random = new Random(seed);
        var budgets = new BudgetFixture();
        budgets.Options.LostSettlement = random.Next(2) == 0 ? LostSettlement.ChargeReservation : LostSettlement.Release;
        for (var rule = 0; rule <= random.Next(4); rule++)
        {
            budgets.Rule(
                random.Next(1, 5_000) / 1_000_000_000m,
                "r" + rule,
                (BudgetPer)random.Next(4),
                (BudgetWindow)random.Next(4),
                random.Next(2) == 0 ? "*" : s_agents[random.Next(3)]);
        }

        var held = new Reservation?[64];
        for (var step = 0; step < 200; step++)
        {
            var caller = random.Next(held.Length);
            var agent = BudgetFixture.Agent(s_agents[caller % 3], s_tenants[caller % 2]);
            switch (random.Next(10))
            {
                case < 5 when held[caller] is null && budgets.Rules.Covering(agent, "m") is { Length: > 0 } covering:
                    held[caller] = budgets.Ledger.Reserve(
                        covering, agent, new ReservationRequest(random.Next(300), random.Next(8) / 3m, random.Next(1, 400), random.Next(1, 20))).Granted;
                    break;
                case < 8 when held[caller] is { } reservation:
                    // A released lease was given up: what comes later is beyond the law.
                    if (reservation.State is ReservationState.Open or ReservationState.ExpiredCharged)
                    {
                        budgets.Ledger.Settle(reservation, random.NextInt64(reservation.Amount + 1));
                    }

                    held[caller] = null;
                    break;
                case 8:
                    held[caller] = null;
                    break;
                case 9:
                    budgets.Time.Advance(TimeSpan.FromSeconds(random.Next(random.Next(10) == 0 ? 200_000 : 400)));
                    break;
            }

            Check(budgets, seed, step, settled: false);
        }

        budgets.Time.Advance(budgets.Options.Lease);
        Check(budgets, seed, -1, settled: true);
    }

    private static void Check(BudgetFixture budgets, int seed, int step, bool settled)
    {
        foreach (var tenant in s_tenants)
        {
            foreach (var agent in s_agents)
            {
                foreach (var state in budgets.Ledger.StatesOf(BudgetFixture.Agent(agent, tenant)))
                {
                    if (state.SpentUsd + state.ReservedUsd > state.LimitUsd || state.ReservedUsd < 0 || state.SpentUsd < 0 || (settled && state.ReservedUsd != 0))
                    {
                        Assert.Fail($"Schedule {seed}, step {step}: {state}");
                    }
                }
            }
        }
    }
}
