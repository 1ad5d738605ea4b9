using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Budgets;

/// <summary>
/// The counters of all budgets, in process. A call reserves on every budget that covers it or on none, and what is spent and reserved
/// never passes a limit; settling replaces the reservation by the cost.
/// </summary>
/// <remarks>
/// Thread-safe: one lock, held for arithmetic alone. Durable through the log: intents carry reservations, outcomes carry
/// charges, and the first use reads the sums back.
/// </remarks>
internal sealed partial class BudgetLedger(
    RuleSet rules,
    BudgetOptions options,
    IBudgetStore? store,
    TimeProvider time,
    BudgetMetrics metrics,
    IEnumerable<IBudgetEvents> events,
    ILogger<BudgetLedger> logger) : IBudgetLedger
{
    private const int SweepAt = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Counter> _counters = [];
    private readonly LinkedList<Reservation> _open = [];
    private readonly BudgetAlerts _alerts = new(metrics, events, logger);
    private bool _loaded;
    private int _sweepAt = SweepAt;

    private readonly record struct Key(ActiveRule Rule, string Tenant, string Subject, DateTimeOffset Start);

    /// <summary>Reserves on all budgets or on none.</summary>
    /// <param name="covering">The rules that cover the call; at least one.</param>
    /// <param name="principal">Who asks.</param>
    /// <param name="request">What the call may cost.</param>
    /// <param name="instead">A reservation this one replaces. It is kept where there is no room for the new one either.</param>
    public ReservationResult Reserve(ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead = null)
    {
        List<Passed>? passed;
        ReservationResult result;
        lock (_lock)
        {
            EnsureLoaded();
            var now = time.GetUtcNow();
            passed = Expire(now);
            if (instead is { State: ReservationState.Open })
            {
                Give(instead, -1);
            }

            var counters = new Counter[covering.Length];
            var tightest = default(Counter);
            for (var i = 0; i < covering.Length; i++)
            {
                counters[i] = CounterOf(covering[i], principal.Tenant, covering[i].SubjectOf(principal), now);
                tightest = tightest is null || counters[i].Left < tightest.Left ? counters[i] : tightest;
            }

            result = Reserve(counters, tightest!, request, now);
            if (instead is { State: ReservationState.Open })
            {
                if (result.Granted is null)
                {
                    Give(instead, 1);
                    result = new ReservationResult(instead, null, 0);
                }
                else
                {
                    _open.Remove(instead.Node!);
                    (instead.Node, instead.State) = (null, ReservationState.Settled);
                }
            }
        }

        Tell(passed);
        return result;
    }

    public ValueTask<ReservationResult> ReserveAsync(
        ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead = null, CancellationToken cancellationToken = default)
        => new(Reserve(covering, principal, request, instead));

    public ValueTask<bool> SettleAsync(Reservation reservation, long cost) => new(Settle(reservation, cost));

    public ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(Principal principal, CancellationToken cancellationToken) => new(StatesOf(principal));

    public ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(string tenant, CancellationToken cancellationToken) => new(StatesOf(tenant));

    /// <summary>Settles a reservation: gives it back and charges the cost. A second time is ignored.</summary>
    /// <returns>Whether it was the first time.</returns>
    public bool Settle(Reservation reservation, long cost)
    {
        List<Passed>? passed;
        lock (_lock)
        {
            passed = Expire(time.GetUtcNow());
            if (reservation.State == ReservationState.Settled)
            {
                return false;
            }

            foreach (var counter in reservation.Counters)
            {
                counter.Reserved -= reservation.State == ReservationState.Open ? reservation.Amount : 0;
                counter.Spent += reservation.State == ReservationState.ExpiredCharged ? cost - reservation.Amount : cost;
                Note(counter, ref passed);
            }

            if (reservation.Node is { } node)
            {
                _open.Remove(node);
                reservation.Node = null;
            }

            reservation.State = ReservationState.Settled;
        }

        Tell(passed);
        return true;
    }

    /// <summary>Where a reservation's budgets stand.</summary>
    public ImmutableArray<BudgetState> StatesOf(Reservation reservation)
    {
        lock (_lock)
        {
            return [.. reservation.Counters.Select(counter => counter.State())];
        }
    }

    /// <summary>Where the budgets of one principal stand now.</summary>
    public ImmutableArray<BudgetState> StatesOf(Principal principal)
    {
        List<Passed>? passed;
        ImmutableArray<BudgetState> states;
        lock (_lock)
        {
            EnsureLoaded();
            var now = time.GetUtcNow();
            passed = Expire(now);
            states = [.. rules.All.Where(rule => rule.Covers(principal))
                .Select(rule => (Find(rule, principal.Tenant, rule.SubjectOf(principal), now)
                    ?? new Counter(rule, principal.Tenant, rule.SubjectOf(principal), BudgetWindows.Start(rule.Window, now))).State())];
        }

        Tell(passed);
        return states;
    }

    /// <summary>Where every counter of a tenant stands now; counters that all tenants share are not a tenant's to see.</summary>
    public ImmutableArray<BudgetState> StatesOf(string tenant)
    {
        List<Passed>? passed;
        ImmutableArray<BudgetState> states;
        lock (_lock)
        {
            EnsureLoaded();
            var now = time.GetUtcNow();
            passed = Expire(now);
            states = [.. _counters.Values
                .Where(counter => counter.Tenant == tenant && counter.Start <= now && counter.End > now)
                .OrderBy(counter => counter.Rule.Name, StringComparer.Ordinal).ThenBy(counter => counter.Subject, StringComparer.Ordinal)
                .Select(counter => counter.State())];
        }

        Tell(passed);
        return states;
    }

    private static void Give(Reservation reservation, int sign)
    {
        foreach (var counter in reservation.Counters)
        {
            counter.Reserved += sign * reservation.Amount;
        }
    }

    private ReservationResult Reserve(Counter[] counters, Counter tightest, ReservationRequest request, DateTimeOffset now)
    {
        var left = tightest.Left;
        var tokens = request.Wanted;
        if (request.PerOutputToken > 0)
        {
            var affordable = Math.Floor((left - request.Input) / request.PerOutputToken);
            tokens = affordable < tokens ? (long)affordable : tokens;
        }

        if (request.Input > left || tokens < request.Least)
        {
            return new ReservationResult(null, tightest, left) { ShortState = tightest.State() };
        }

        var amount = request.Input + NanoUsd.Ceiling(tokens * request.PerOutputToken);
        if (amount > left)
        {
            // The division was rounded in its last digit: one token less fits.
            tokens--;
            amount = request.Input + NanoUsd.Ceiling(tokens * request.PerOutputToken);
            if (tokens < request.Least || amount > left)
            {
                return new ReservationResult(null, tightest, left) { ShortState = tightest.State() };
            }
        }

        // INVARIANT: spent + reserved <= limit for every counter, because the tightest one has room.
        foreach (var counter in counters)
        {
            counter.Reserved += amount;
        }

        var reservation = new Reservation(counters, amount, tokens, now + options.Lease);
        reservation.Node = _open.AddLast(reservation);
        return new ReservationResult(reservation, null, left);
    }

    /// <summary>Ends the leases that are over. The lease is one for all, so the oldest reservations come first.</summary>
    private List<Passed>? Expire(DateTimeOffset now)
    {
        List<Passed>? passed = null;
        while (_open.First is { Value: var oldest } && oldest.ExpiresAt <= now)
        {
            _open.RemoveFirst();
            oldest.Node = null;
            var charged = options.LostSettlement == LostSettlement.ChargeReservation;
            oldest.State = charged ? ReservationState.ExpiredCharged : ReservationState.ExpiredReleased;
            foreach (var counter in oldest.Counters)
            {
                counter.Reserved -= oldest.Amount;
                counter.Spent += charged ? oldest.Amount : 0;
                Note(counter, ref passed);
            }

            metrics.Expired(charged);
            Log.LeaseExpired(logger, Codes.LeaseExpired, TenantOf(oldest), NanoUsd.ToUsd(oldest.Amount), charged ? "charged" : "given back");
        }

        return passed;
    }

    /// <summary>Whose it is, where one of its counters belongs to one tenant.</summary>
    private static string TenantOf(Reservation reservation) => reservation.Counters.Select(counter => counter.Tenant).FirstOrDefault(tenant => tenant.Length > 0) ?? "*";

    private Counter? Find(ActiveRule rule, string tenant, string subject, DateTimeOffset now)
        => _counters.GetValueOrDefault(new Key(rule, rule.TenantOf(tenant), subject, BudgetWindows.Start(rule.Window, now)));

    private Counter CounterOf(ActiveRule rule, string tenant, string subject, DateTimeOffset now)
    {
        var key = new Key(rule, rule.TenantOf(tenant), subject, BudgetWindows.Start(rule.Window, now));
        if (!_counters.TryGetValue(key, out var counter))
        {
            Sweep(now);
            _counters[key] = counter = new Counter(rule, key.Tenant, subject, key.Start);
        }

        return counter;
    }

    /// <summary>Forgets windows that are over, so that memory is bounded by the subjects of one window.</summary>
    private void Sweep(DateTimeOffset now)
    {
        if (_counters.Count < _sweepAt)
        {
            return;
        }

        foreach (var (key, counter) in _counters)
        {
            if (counter.End <= now && counter.Reserved == 0)
            {
                _counters.Remove(key);
            }
        }

        _sweepAt = Math.Max(SweepAt, _counters.Count * 2);
    }

    /// <summary>Takes over what former processes spent. A store that fails closes the gate for calls with a budget.</summary>
    private void EnsureLoaded()
    {
        if (_loaded)
        {
            return;
        }

        var now = time.GetUtcNow();
        var byName = rules.All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        foreach (var balance in store?.Load(now) ?? [])
        {
            if (byName.TryGetValue(balance.Rule, out var rule) && BudgetWindows.Start(rule.Window, now) == balance.Window)
            {
                var counter = CounterOf(rule, balance.Tenant, balance.Subject, now);
                counter.Spent += balance.NanoUsd;
            }
        }

        foreach (var counter in _counters.Values)
        {
            // Told by the process that spent it.
            counter.PassThresholds();
        }

        _loaded = true;
    }

    private readonly record struct Passed(Counter Counter, decimal Threshold, BudgetState State);

    private static void Note(Counter counter, ref List<Passed>? passed)
    {
        if (counter.PassThresholds() is { } threshold)
        {
            (passed ??= []).Add(new Passed(counter, threshold, counter.State()));
        }
    }

    /// <summary>Tells of passed thresholds, outside of the lock.</summary>
    private void Tell(List<Passed>? passed)
    {
        foreach (var (counter, threshold, state) in passed ?? [])
        {
            _alerts.Tell(counter.Tenant, state, threshold);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2207, LogLevel.Warning, "{Code}: a reservation of tenant {Tenant} of {Amount} USD was not settled within its lease; it is {What}.")]
        public static partial void LeaseExpired(ILogger logger, string code, string tenant, decimal amount, string what);
    }
}
