using System.Collections.Concurrent;
using System.Collections.Immutable;
using AgentGate.Budgets;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>
/// The counters of all budgets in PostgreSQL, exact over all servers: what callers reserve and settle at the same time is one function
/// and one round trip, under row locks taken in one order, by the database's time. Leases that are over are ended by whoever touches their counter next.
/// </summary>
/// <remarks>
/// Commits of reservations and settlements are not waited for (<c>synchronous_commit = off</c>): the intent and the outcome come after
/// them in the same write-ahead log, and their commit carries them. Thread-safe.
/// </remarks>
internal sealed partial class PostgresBudgetLedger : IBudgetLedger, IDisposable
{
    /// <summary>After so long no question that nobody waits for is still at work.</summary>
    private static readonly TimeSpan s_surelyOver = TimeSpan.FromSeconds(2 * LedgerQuestions.DeadlineSeconds);

    /// <summary>How many charges wait for a ledger that is away; beyond, each is told and no more.</summary>
    private const int UnpostedMax = 10_000;

    private readonly RuleSet _rules;
    private readonly BudgetOptions _options;
    private readonly BudgetMetrics _metrics;
    private readonly IIdSource _ids;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeProvider? _testClock;
    private readonly string _owner;
    private readonly LedgerQuestions _questions;
    private readonly LedgerQueue _queue;
    private readonly LedgerReconciliation _reconciliation;
    private readonly ConcurrentQueue<(Guid Id, long At)> _unsure = [];
    private readonly ConcurrentQueue<(Reservation Reservation, long Cost)> _unposted = [];
    private readonly BudgetAlerts _alerts;

    public PostgresBudgetLedger(
        PostgresDatabase database,
        RuleSet rules,
        BudgetOptions options,
        BudgetMetrics metrics,
        IEnumerable<IBudgetEvents> events,
        IIdSource ids,
        TimeProvider time,
        ILogger<PostgresBudgetLedger> logger,
        TimeProvider? testClock = null,
        int deadlineSeconds = LedgerQuestions.DeadlineSeconds,
        bool intentsAreDurable = true)
    {
        (_rules, _options, _metrics, _ids, _time, _logger, _testClock) = (rules, options, metrics, ids, time, logger, testClock);
        _owner = ids.NewId();
        _alerts = new BudgetAlerts(metrics, events, logger);
        _questions = new LedgerQuestions(database, deadlineSeconds);
        _reconciliation = new LedgerReconciliation(_questions, rules, options, metrics, _owner, logger, testClock, intentsAreDurable);
        _queue = new LedgerQueue(AskAsync, id => _unsure.Enqueue((id, time.GetTimestamp())), time, TimeSpan.FromSeconds(deadlineSeconds));
    }

    private bool Charges => _options.LostSettlement == LostSettlement.ChargeReservation;

    public void Dispose()
    {
        _queue.Dispose();
        _questions.Dispose();
    }

    public async ValueTask<ReservationResult> ReserveAsync(
        ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead = null, CancellationToken cancellationToken = default)
    {
        var counters = LedgerCounters.Of(covering, principal);
        var posting = new LedgerPosting
        {
            Id = Guid.Parse(_ids.NewId()),
            Tenant = principal.Tenant,
            CallId = request.CallId,
            Input = request.Input,
            PerToken = request.PerOutputToken,
            Wanted = request.Wanted,
            Least = request.Least,
            Items =
            [
                .. counters.Sorted.Select(one => new LedgerItem(new LedgerKey(one.Tenant, one.Rule.Name, one.Subject, LedgerCounters.UnitOf(one.Rule.Window), 0), one.Rule.Limit, one.Place, null)),
                .. instead is { State: ReservationState.Open } ? Standing(instead) : [],
            ],
        };
        return Result(await _queue.PostAsync(posting, cancellationToken), posting.Id, counters, covering, principal, request, instead);
    }

    /// <summary>What a reservation holds, to be settled or replaced.</summary>
    private static IEnumerable<LedgerItem> Standing(Reservation reservation) => reservation.Counters.Select(one => new LedgerItem(
        new LedgerKey(LedgerCounters.TenantOf(one.Tenant), one.Rule.Name, one.Subject, null, one.Start.ToUnixTimeMilliseconds()), 0, 0, reservation.Id));

    private async ValueTask<LedgerAnswer[]> AskAsync(IReadOnlyList<LedgerPosting> postings)
    {
        var batch = new LedgerBatch(postings);
        var (answers, ended) = await _questions.RunAsync(
            LedgerBatch.Sql,
            parameters =>
            {
                AddStart(parameters);
                parameters.Add(new NpgsqlParameter { Value = _owner });
                parameters.Add(new NpgsqlParameter { Value = _options.Lease });
                batch.Fill(parameters);
            },
            batch.Read,
            CancellationToken.None);
        foreach (var (tenant, amount) in ended)
        {
            _metrics.Expired(Charges);
            Log.LeaseExpired(_logger, Codes.LeaseExpired, tenant, NanoUsd.ToUsd(amount), Charges ? "charged" : "given back");
        }

        return answers;
    }

    private ReservationResult Result(
        LedgerAnswer answer, Guid id, LedgerCounters counters, ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead)
    {
        // In the order of the rules, as the ledger in process has them.
        var made = new Counter[covering.Length];
        for (var i = 0; i < counters.Sorted.Length; i++)
        {
            var (rule, tenant, subject, place) = counters.Sorted[i];
            made[place] = new Counter(rule, rule.TenantOf(principal.Tenant), subject, StartOf(answer.Held[i].Window)) { Spent = answer.Held[i].Spent, Reserved = answer.Held[i].Reserved };
            Note(made[place], answer.Held[i].Peak);
        }

        if (!answer.Granted)
        {
            if (instead is not null && answer.WasOpen)
            {
                return new ReservationResult(instead, null, 0);
            }

            var tightest = made[counters.Sorted[answer.Short].Place];
            return new ReservationResult(null, tightest, tightest.Left) { ShortState = tightest.State() };
        }

        if (instead is not null && answer.WasOpen)
        {
            instead.State = ReservationState.Settled;
        }

        var reservation = new Reservation(made, answer.Amount, answer.Tokens, answer.Now + _options.Lease) { Id = id, CallId = request.CallId, Tenant = principal.Tenant };
        return new ReservationResult(reservation, null, made.Min(counter => counter.Left) + answer.Amount);
    }

    public async ValueTask<bool> SettleAsync(Reservation reservation, long cost)
    {
        if (reservation.State == ReservationState.Settled)
        {
            return false;
        }

        var answer = await _queue.PostAsync(Settling(reservation, cost), CancellationToken.None);
        reservation.State = ReservationState.Settled;
        foreach (var (counter, held) in reservation.Counters.Zip(answer.Held))
        {
            (counter.Spent, counter.Reserved) = (held.Spent, held.Reserved);
            Note(counter, held.Peak);
        }

        return answer.Granted;
    }

    /// <summary>Settles again, whatever this server believes: a database that broke down may have lost it. What it did not lose changes nothing.</summary>
    public async ValueTask KeepAsync(Reservation reservation, long cost)
    {
        if (_unposted.Count >= UnpostedMax)
        {
            Log.NotKept(_logger, Codes.ChargeUnrecorded, reservation.Tenant, reservation.CallId, NanoUsd.ToUsd(cost));
            return;
        }

        _unposted.Enqueue((reservation, cost));
        try
        {
            await PostAgainAsync();
        }
        catch (BudgetLedgerLostException)
        {
            // Upkeep goes on with it.
        }
    }

    private async ValueTask PostAgainAsync()
    {
        while (_unposted.TryDequeue(out var one))
        {
            try
            {
                await _queue.PostAsync(Settling(one.Reservation, one.Cost), CancellationToken.None);
            }
            catch
            {
                _unposted.Enqueue(one);
                throw;
            }
        }
    }

    private static LedgerPosting Settling(Reservation reservation, long cost) => new()
    {
        Settles = true,
        Id = reservation.Id,
        Tenant = reservation.Tenant,
        CallId = reservation.CallId,
        Input = cost,
        Items = [.. Standing(reservation)],
    };

    /// <summary>
    /// Gives back what was reserved for callers that never heard of it, and puts right what differs from the log: a call whose server
    /// died is charged as its outcome says in the end.
    /// </summary>
    /// <returns>How many counters were put right.</returns>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer.</exception>
    public async ValueTask<int> ReconcileAsync(CancellationToken cancellationToken)
    {
        await PostAgainAsync();
        while (_unsure.TryPeek(out var oldest) && _time.GetElapsedTime(oldest.At) > s_surelyOver)
        {
            await _questions.RunAsync<object?>(
                "SELECT agentgate_budget_release($1, $2, $3)", parameters => { AddStart(parameters); parameters.Add(new NpgsqlParameter { Value = oldest.Id }); }, _ => null, cancellationToken);
            _unsure.TryDequeue(out _);
        }

        return await _reconciliation.RunAsync(cancellationToken);
    }

    public ImmutableArray<BudgetState> StatesOf(Reservation reservation) => [.. reservation.Counters.Select(counter => counter.State())];

    public async ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(Principal principal, CancellationToken cancellationToken)
    {
        ActiveRule[] covering = [.. _rules.All.Where(rule => rule.Covers(principal))];
        if (covering.Length == 0)
        {
            return [];
        }

        var now = Now;
        var held = await ReadAsync(
            covering.Select(rule => (LedgerCounters.TenantOf(rule.TenantOf(principal.Tenant)), rule.Name, rule.SubjectOf(principal))).ToArray(), null, cancellationToken);
        return [.. covering.Select(rule =>
        {
            var (subject, start) = (rule.SubjectOf(principal), BudgetWindows.Start(rule.Window, held.Now));
            var row = held.Rows.Find(one => one.Rule == rule.Name && one.Subject == subject && one.Window == start.ToUnixTimeMilliseconds());
            return new Counter(rule, rule.TenantOf(principal.Tenant), subject, start) { Spent = row?.Spent ?? 0, Reserved = row?.Reserved ?? 0 }.State();
        })];
    }

    public async ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(string tenant, CancellationToken cancellationToken)
    {
        var held = await ReadAsync(null, tenant, cancellationToken);
        var byName = _rules.All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        return [.. held.Rows
            .Where(row => byName.TryGetValue(row.Rule, out var rule) && rule.Per != BudgetPer.All && BudgetWindows.Start(rule.Window, held.Now).ToUnixTimeMilliseconds() == row.Window)
            .OrderBy(row => row.Rule, StringComparer.Ordinal).ThenBy(row => row.Subject, StringComparer.Ordinal)
            .Select(row => new Counter(byName[row.Rule], tenant, row.Subject, StartOf(row.Window)) { Spent = row.Spent, Reserved = row.Reserved }.State())];
    }

    private DateTimeOffset? Now => _testClock?.GetUtcNow();

    private static DateTimeOffset StartOf(long window) => DateTimeOffset.FromUnixTimeMilliseconds(window);

    /// <summary>Reads counters as they would be if every lease that is over had been ended.</summary>
    private ValueTask<(DateTimeOffset Now, List<Row> Rows)> ReadAsync((string Tenant, string Rule, string Subject)[]? keys, string? tenant, CancellationToken cancellationToken)
    {
        var chosen = keys is null
            ? "b.tenant = $3"
            : "(b.tenant, b.rule, b.subject) IN (SELECT * FROM unnest($3, $4, $5))";
        return _questions.RunAsync(
            $"""
            SELECT t.at, b.rule, b.subject, b.window_start,
                b.spent + CASE WHEN $2 THEN coalesce(o.amount, 0) ELSE 0 END, b.reserved - coalesce(o.amount, 0)
            FROM (SELECT coalesce($1, clock_timestamp()) AS at) t LEFT JOIN budget_balances b ON {chosen}
            LEFT JOIN LATERAL (SELECT sum(r.amount)::bigint AS amount FROM budget_reservations r
                WHERE r.tenant = b.tenant AND r.rule = b.rule AND r.subject = b.subject AND r.window_start = b.window_start AND r.state = 0 AND r.lease_ends <= t.at) o ON true
            """,
            parameters =>
            {
                AddStart(parameters);
                if (keys is null)
                {
                    parameters.Add(new NpgsqlParameter { Value = tenant! });
                }
                else
                {
                    LedgerCounters.AddKeys(parameters, keys);
                }
            },
            reader =>
            {
                List<Row> rows = [];
                var now = default(DateTimeOffset);
                do
                {
                    now = reader.GetFieldValue<DateTimeOffset>(0);
                    if (!reader.IsDBNull(1))
                    {
                        rows.Add(new Row(reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
                    }
                }
                while (reader.Read());
                return (now, rows);
            },
            cancellationToken);
    }

    private void AddStart(NpgsqlParameterCollection parameters)
    {
        parameters.Add(new NpgsqlParameter { Value = Now is { } now ? now.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        parameters.Add(new NpgsqlParameter { Value = Charges });
    }

    /// <summary>Tells of the highest threshold that a counter passed above what it once held: who moved it there tells, and nobody else.</summary>
    private void Note(Counter counter, long peak)
    {
        var (limit, passed) = (counter.Rule.Limit, default(decimal?));
        foreach (var threshold in counter.Rule.AlertAt)
        {
            passed = limit > 0 && counter.Spent >= threshold * limit && peak < threshold * limit ? threshold : passed;
        }

        if (passed is { } told)
        {
            _alerts.Tell(counter.Tenant, counter.State(), told);
        }
    }

    private sealed record Row(string Rule, string Subject, long Window, long Spent, long Reserved);

    private static partial class Log
    {
        [LoggerMessage(2207, LogLevel.Warning, "{Code}: a reservation of tenant {Tenant} of {Amount} USD was not settled within its lease; it is {What}.")]
        public static partial void LeaseExpired(ILogger logger, string code, string tenant, decimal amount, string what);

        [LoggerMessage(2213, LogLevel.Critical, "{Code}: tenant {Tenant}: the outcome of call {CallId} is not on record, and too many charges wait for the ledger: {Amount} USD may stay uncharged.")]
        public static partial void NotKept(ILogger logger, string code, string tenant, string? callId, decimal amount);
    }
}
