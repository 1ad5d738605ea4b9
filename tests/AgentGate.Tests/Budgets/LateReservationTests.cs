using System.Collections.Immutable;
using AgentGate.Budgets;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Tests.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentGate.Tests.Budgets;

/// <summary>What a ledger grants when nobody waits for it any more is nobody's to settle.</summary>
public sealed class LateReservationTests
{
    private const string Body = """{"messages":[{"role":"user","content":"hello"}]}""";

    [Fact]
    public async Task A_reservation_that_is_granted_after_the_guard_was_given_up_is_given_back_at_once()
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var ledger = new SlowLedger(budgets.Ledger);
        var gate = new GateFixture();
        gate.Guards.Add(Guard(budgets, ledger));

        var running = gate.Build().RunAsync(BudgetFixture.Chat(Body), new TestEffect(gate.Events), default).AsTask();
        await ledger.Asked.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        gate.Time.Advance(gate.Guards[0].Deadline + TimeSpan.FromMilliseconds(1));
        Assert.Equal(Codes.GuardTimedOut, Assert.IsType<GateResult.Denied>(await running).Denial.Code);
        ledger.Go.SetResult();
        await ledger.Settled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Equal((0m, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
    }

    [Fact]
    public async Task A_call_whose_second_question_fails_gives_back_what_the_first_one_granted()
    {
        // Too little for what it wants and enough for what makes sense, so that the guard asks again with a closer bound.
        var budgets = new BudgetFixture().Price().Rule(0.001m);
        var ledger = new SlowLedger(budgets.Ledger) { FailsFrom = 2 };
        ledger.Go.SetResult();
        var (call, scope) = (BudgetFixture.Chat(Body), new CallScope());

        var verdict = await Guard(budgets, ledger).Request!.InspectAsync(new GuardContext(call, scope), default);

        Assert.Equal(2, ledger.Questions);
        Assert.Equal(Codes.BudgetLedgerLost, Assert.IsType<Verdict.Deny>(verdict).Code);
        await scope.Charge!.SettleAsync(new CallEnding(CallEndingKind.Nothing));
        Assert.Equal((0m, 0m), (budgets.State().SpentUsd, budgets.State().ReservedUsd));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_effect_whose_outcome_is_not_on_record_stays_charged_with_what_it_cost(bool settlementFails)
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var ledger = new SlowLedger(budgets.Ledger) { SettlementFails = settlementFails };
        ledger.Go.SetResult();
        var gate = new GateFixture();
        gate.Guards.Add(Guard(budgets, ledger));
        gate.Recorder.Before = entry => entry.Kind == EntryKind.Outcome ? throw new IOException("refused") : Task.CompletedTask;

        var result = await gate.Build().RunAsync(BudgetFixture.Chat(Body), new TestEffect(gate.Events), default);

        Assert.Equal(Codes.OutcomeNotRecorded, Assert.IsType<GateResult.Denied>(result).Denial.Code);
        var (reservation, cost) = Assert.Single(ledger.Kept);
        Assert.InRange(cost, 1, reservation.Amount);
    }

    [Fact]
    public async Task An_effect_whose_outcome_is_on_record_is_charged_by_it_and_by_nothing_else()
    {
        var budgets = new BudgetFixture().Price().Rule(1m);
        var ledger = new SlowLedger(budgets.Ledger);
        ledger.Go.SetResult();
        var gate = new GateFixture();
        gate.Guards.Add(Guard(budgets, ledger));

        await gate.Build().RunAsync(BudgetFixture.Chat(Body), new TestEffect(gate.Events), default);

        Assert.Empty(ledger.Kept);
    }

    private static GuardDescriptor Guard(BudgetFixture budgets, IBudgetLedger ledger) => new("Budgets", GuardOrder.Budgets)
    {
        Request = new BudgetsGuard(
            new PriceBook(budgets.Options), budgets.Rules, ledger, budgets.Options, budgets.Metrics, NullLogger<CallCharge>.Instance),
    };

    /// <summary>Makes every reservation at once and says so only when it is told to.</summary>
    private sealed class SlowLedger(BudgetLedger inner) : IBudgetLedger
    {
        public TaskCompletionSource Asked { get; } = new();

        public TaskCompletionSource Go { get; } = new();

        public TaskCompletionSource Settled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<(Reservation Reservation, long Cost)> Kept { get; } = [];

        public bool SettlementFails { get; init; }

        public int FailsFrom { get; init; } = int.MaxValue;

        public int Questions { get; private set; }

        public async ValueTask<ReservationResult> ReserveAsync(
            ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead = null, CancellationToken cancellationToken = default)
        {
            if (++Questions >= FailsFrom)
            {
                throw new BudgetLedgerLostException("gone");
            }

            var result = inner.Reserve(covering, principal, request, instead);
            Asked.TrySetResult();
            await Go.Task;
            return result;
        }

        public ValueTask<bool> SettleAsync(Reservation reservation, long cost)
        {
            if (SettlementFails)
            {
                throw new BudgetLedgerLostException("gone");
            }

            var first = ((IBudgetLedger)inner).SettleAsync(reservation, cost);
            Settled.TrySetResult();
            return first;
        }

        public ValueTask KeepAsync(Reservation reservation, long cost)
        {
            Kept.Add((reservation, cost));
            return ValueTask.CompletedTask;
        }

        public ImmutableArray<BudgetState> StatesOf(Reservation reservation) => inner.StatesOf(reservation);

        public ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(Principal principal, CancellationToken cancellationToken)
            => ((IBudgetLedger)inner).StatesOfAsync(principal, cancellationToken);

        public ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(string tenant, CancellationToken cancellationToken)
            => ((IBudgetLedger)inner).StatesOfAsync(tenant, cancellationToken);
    }
}
