using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Budgets;

/// <summary>
/// The counters of all budgets. A call reserves on every budget that covers it or on none, and what is spent and reserved never
/// passes a limit; settling replaces the reservation by the cost, once.
/// </summary>
/// <remarks>Thread-safe. A ledger that several servers share is exact over all of them.</remarks>
internal interface IBudgetLedger
{
    /// <summary>Reserves on all budgets or on none.</summary>
    /// <param name="covering">The rules that cover the call; at least one.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="request">What the call may cost.</param>
    /// <param name="instead">A reservation this one replaces. It is kept where there is no room for the new one either.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away.</param>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer.</exception>
    ValueTask<ReservationResult> ReserveAsync(
        ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead = null, CancellationToken cancellationToken = default);

    /// <summary>Settles a reservation: gives it back and charges the cost. A second time is ignored.</summary>
    /// <returns>Whether it was the first time.</returns>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer; the reservation ends by its lease.</exception>
    ValueTask<bool> SettleAsync(Reservation reservation, long cost);

    /// <summary>
    /// States a charge whose outcome the log refused or could not store, so that a shared ledger has it whatever a broken database lost:
    /// now, or when the ledger can be reached again. A charge that the ledger has is not charged again. A ledger in process has it.
    /// </summary>
    /// <param name="reservation">What was reserved for the call.</param>
    /// <param name="cost">What it cost.</param>
    ValueTask KeepAsync(Reservation reservation, long cost) => ValueTask.CompletedTask;

    /// <summary>Where a reservation's budgets stood when it was last touched, or stand now.</summary>
    ImmutableArray<BudgetState> StatesOf(Reservation reservation);

    /// <summary>Where the budgets of one principal stand now.</summary>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer.</exception>
    ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(Principal principal, CancellationToken cancellationToken);

    /// <summary>Where every counter of a tenant stands now; counters that all tenants share are not a tenant's to see.</summary>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer.</exception>
    ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(string tenant, CancellationToken cancellationToken);
}
