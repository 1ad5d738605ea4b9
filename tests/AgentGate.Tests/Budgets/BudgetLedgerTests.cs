using AgentGate.Budgets;

namespace AgentGate.Tests.Budgets;

public sealed class BudgetLedgerTests
{
    private const long Usd = 1_000_000_000;

    [Fact]
    public void A_reservation_takes_room_and_its_settlement_leaves_only_the_cost()
    {
        var budgets = new BudgetFixture().Rule(1m);

        var granted = budgets.Reserve(Usd * 6 / 10).Granted!;
        Assert.Equal((0m, 0.6m, 0.4m), (budgets.State().SpentUsd, budgets.State().ReservedUsd, budgets.State().RemainingUsd));
        Assert.Null(budgets.Reserve(Usd / 2).Granted);

        Assert.True(budgets.Ledger.Settle(granted, Usd / 10));
        Assert.False(budgets.Ledger.Settle(granted, Usd / 10));
        Assert.Equal((0.1m, 0m, 0.9m), (budgets.State().SpentUsd, budgets.State().ReservedUsd, budgets.State().RemainingUsd));
        Assert.NotNull(budgets.Reserve(Usd / 2).Granted);
    }

    [Fact]
    public void Several_budgets_are_reserved_together_or_not_at_all()
    {
        var budgets = new BudgetFixture().Rule(10m, "wide", BudgetPer.Tenant).Rule(1m, "narrow").Rule(10m, "all", BudgetPer.All, BudgetWindow.Total);

        var refused = budgets.Reserve(2 * Usd);

        Assert.Equal("narrow", refused.Short!.Rule.Name);
        Assert.All(["wide", "narrow", "all"], rule => Assert.Equal(0m, budgets.State(rule).ReservedUsd));
        Assert.Equal(3, budgets.Reserve(Usd).Granted!.Counters.Length);
        Assert.All(["wide", "narrow", "all"], rule => Assert.Equal(1m, budgets.State(rule).ReservedUsd));
    }

    [Fact]
    public void Subjects_have_counters_of_their_own_and_a_shared_one_has_none()
    {
        var budgets = new BudgetFixture().Rule(1m, "agent").Rule(3m, "tenant", BudgetPer.Tenant).Rule(4m, "all", BudgetPer.All);

        Assert.NotNull(budgets.Reserve(Usd, "a").Granted);
        Assert.Null(budgets.Reserve(1, "a").Granted);
        Assert.NotNull(budgets.Reserve(Usd, "b").Granted);
        Assert.NotNull(budgets.Reserve(Usd, "c").Granted);
        Assert.Equal("tenant", budgets.Reserve(Usd, "d").Short!.Rule.Name);
        Assert.NotNull(budgets.Reserve(Usd, "a", "t2").Granted);
        Assert.Equal("all", budgets.Reserve(Usd, "b", "t2").Short!.Rule.Name);
    }

    [Fact]
    public void A_new_window_begins_empty_and_an_old_one_keeps_its_charge()
    {
        var budgets = new BudgetFixture().Rule(1m, window: BudgetWindow.Hour);
        var before = budgets.Reserve(Usd).Granted!;

        budgets.Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(0m, budgets.State().ReservedUsd);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero), budgets.State().ResetsAt);
        Assert.NotNull(budgets.Reserve(Usd).Granted);
        budgets.Ledger.Settle(before, Usd);
        Assert.Equal(0m, budgets.State().SpentUsd);
    }

    [Theory]
    [InlineData(LostSettlement.ChargeReservation, 1, 0.25)]
    [InlineData(LostSettlement.Release, 0, 0.25)]
    public void A_lost_settlement_expires_and_one_that_comes_after_all_corrects_it(LostSettlement rule, double expired, double corrected)
    {
        var budgets = new BudgetFixture().Rule(2m);
        budgets.Options.LostSettlement = rule;
        var lost = budgets.Reserve(Usd).Granted!;

        budgets.Time.Advance(budgets.Options.Lease);

        Assert.Equal(((decimal)expired, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
        budgets.Ledger.Settle(lost, Usd / 4);
        Assert.Equal(((decimal)corrected, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
    }

    [Fact]
    public void An_alert_is_raised_once_per_threshold_and_window()
    {
        var budgets = new BudgetFixture().Rule(1m);
        ((List<decimal>)[0.5m, 0.8m]).ForEach(budgets.Options.Rules[0].AlertAt.Add);

        Spend(Usd * 4 / 10);
        Assert.Empty(budgets.Alerts);
        Spend(Usd * 2 / 10);
        Spend(Usd / 10);
        Assert.Equal([("r", 0.5m)], budgets.Alerts);
        Spend(Usd * 2 / 10);
        Assert.Equal([("r", 0.5m), ("r", 0.8m)], budgets.Alerts);

        budgets.Time.Advance(TimeSpan.FromDays(1));
        Spend(Usd);
        Assert.Equal(3, budgets.Alerts.Count);

        void Spend(long nano) => budgets.Ledger.Settle(budgets.Reserve(nano).Granted!, nano);
    }

    [Fact]
    public void A_listener_that_throws_costs_nobody_a_reservation_or_a_settlement()
    {
        var budgets = new BudgetFixture { ListenerFails = new InvalidOperationException("listener") }.Rule(10m);

        budgets.Reserve(9 * Usd);
        budgets.Time.Advance(budgets.Options.Lease);
        var second = budgets.Reserve(Usd).Granted!;

        Assert.Equal([("r", 0.8m)], budgets.Alerts);
        Assert.True(budgets.Ledger.Settle(second, Usd));
        Assert.Equal((10m, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
    }

    [Fact]
    public void What_former_processes_spent_counts_and_is_not_told_again()
    {
        var day = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        var budgets = new BudgetFixture
        {
            Store = new Stored(
                new BudgetBalance("t1", "r", "principal/agent", day, Usd * 9 / 10),
                new BudgetBalance("t1", "r", "principal/agent", day.AddDays(-1), Usd),
                new BudgetBalance("t1", "gone", "tenant", day, Usd)),
        }.Rule(1m);

        Assert.Equal(0.9m, budgets.State().SpentUsd);
        Assert.Null(budgets.Reserve(Usd / 2).Granted);
        Assert.Empty(budgets.Alerts);
    }

    [Fact]
    public void A_closer_reservation_replaces_a_first_one_or_leaves_it()
    {
        var budgets = new BudgetFixture().Rule(1m);
        var covering = budgets.Rules.Covering(BudgetFixture.Agent(), "m");
        var first = Ask(Usd / 2, null).Granted!;

        Assert.Same(first, Ask(2 * Usd, first).Granted);
        Assert.Equal(0.5m, budgets.State().ReservedUsd);
        var second = Ask(Usd * 9 / 10, first).Granted!;
        Assert.Equal(0.9m, budgets.State().ReservedUsd);
        budgets.Ledger.Settle(first, Usd);
        budgets.Ledger.Settle(second, 0);
        Assert.Equal((0m, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));

        ReservationResult Ask(long nano, Reservation? instead)
            => budgets.Ledger.Reserve(covering, BudgetFixture.Agent(), new ReservationRequest(nano, 0, 0, 0), instead);
    }

    private sealed class Stored(params BudgetBalance[] balances) : IBudgetStore
    {
        public IReadOnlyList<BudgetBalance> Load(DateTimeOffset now) => balances;
    }
}
