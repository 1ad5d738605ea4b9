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
/// The counters of all budgets in PostgreSQL, exact over all servers: reserving and settling are one function and one round trip each,
/// under row locks taken in one order, by the database's time. Leases that are over are ended by whoever touches their counter next.
/// </summary>
/// <remarks>
/// Commits of reservations and settlements are not waited for (<c>synchronous_commit = off</c>): the intent and the outcome come after
/// them in the same write-ahead log, and their commit carries them. Thread-safe.
/// </remarks>
internal sealed partial class PostgresBudgetLedger(
    PostgresDatabase database,
    RuleSet rules,
    BudgetOptions options,
    BudgetMetrics metrics,
    IEnumerable<IBudgetEvents> events,
    IIdSource ids,
    TimeProvider time,
    ILogger<PostgresBudgetLedger> logger,
    TimeProvider? testClock = null,
    int deadlineSeconds = LedgerQuestions.DeadlineSeconds) : IBudgetLedger, IDisposable
{
    private const int ReconcileSeconds = 60;

    /// <summary>After so long no question that nobody waits for is still at work.</summary>
    private static readonly TimeSpan s_surelyOver = TimeSpan.FromSeconds(2 * LedgerQuestions.DeadlineSeconds);

    /// <summary>The longest window is a month.</summary>
    private static readonly TimeSpan s_longestWindow = TimeSpan.FromDays(32);

    private readonly string _owner = ids.NewId();
    private readonly LedgerQuestions _questions = new(database, deadlineSeconds);
    private readonly ConcurrentQueue<(Guid Id, long At)> _unsure = [];
    private readonly BudgetAlerts _alerts = new(metrics, events, logger);

    private bool Charges => options.LostSettlement == LostSettlement.ChargeReservation;

    public void Dispose() => _questions.Dispose();

    public async ValueTask<ReservationResult> ReserveAsync(
        ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead = null, CancellationToken cancellationToken = default)
    {
        var counters = LedgerCounters.Of(covering, principal);
        var id = Guid.Parse(ids.NewId());
        Answer answer;
        try
        {
            answer = await AskAsync(id, counters, principal, request, instead, cancellationToken);
        }
        catch (Exception unsure) when (unsure is BudgetLedgerLostException or OperationCanceledException)
        {
            // It may have been made all the same; nobody holds it then.
            _unsure.Enqueue((id, time.GetTimestamp()));
            throw;
        }

        return Result(answer, id, counters, covering, principal, request, instead);
    }

    private ValueTask<Answer> AskAsync(
        Guid id, LedgerCounters counters, Principal principal, ReservationRequest request, Reservation? instead, CancellationToken cancellationToken)
        => _questions.RunAsync(
            """
            SELECT o_granted, o_amount, o_tokens, o_short, o_now, o_windows, o_spent, o_reserved, o_peaks, o_ended, o_instead FROM
                agentgate_budget_reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
            """,
            parameters =>
            {
                AddStart(parameters);
                parameters.Add(new NpgsqlParameter { Value = id });
                parameters.Add(new NpgsqlParameter { Value = instead is { State: ReservationState.Open } ? instead.Id : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
                AddCall(parameters, principal.Tenant, request.CallId);
                parameters.Add(new NpgsqlParameter { Value = options.Lease });
                LedgerCounters.AddKeys(parameters, [.. counters.Sorted.Select(one => (one.Tenant, one.Rule.Name, one.Subject))]);
                LedgerCounters.Add(parameters, [.. counters.Sorted.Select(one => LedgerCounters.UnitOf(one.Rule.Window))]);
                parameters.Add(new NpgsqlParameter { Value = counters.Sorted.Select(one => one.Rule.Limit).ToArray() });
                parameters.Add(new NpgsqlParameter { Value = counters.Sorted.Select(one => one.Place).ToArray() });
                parameters.Add(new NpgsqlParameter { Value = request.Input });
                parameters.Add(new NpgsqlParameter { Value = request.PerOutputToken });
                parameters.Add(new NpgsqlParameter { Value = request.Wanted });
                parameters.Add(new NpgsqlParameter { Value = request.Least });
            },
            reader => new Answer(
                reader.GetBoolean(0),
                reader.IsDBNull(1) ? 0 : reader.GetInt64(1),
                reader.IsDBNull(2) ? 0 : reader.GetInt64(2),
                reader.IsDBNull(3) ? 0 : reader.GetInt32(3) - 1,
                reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetFieldValue<long[]>(5),
                reader.GetFieldValue<long[]>(6),
                reader.GetFieldValue<long[]>(7),
                reader.GetFieldValue<long[]>(8),
                reader.IsDBNull(9) ? [] : reader.GetFieldValue<long[]>(9),
                reader.GetBoolean(10)),
            cancellationToken);

    private ReservationResult Result(
        Answer answer, Guid id, LedgerCounters counters, ActiveRule[] covering, Principal principal, ReservationRequest request, Reservation? instead)
    {
        // In the order of the rules, as the ledger in process has them.
        var made = new Counter[covering.Length];
        for (var i = 0; i < counters.Sorted.Length; i++)
        {
            var (rule, tenant, subject, place) = counters.Sorted[i];
            made[place] = new Counter(rule, rule.TenantOf(principal.Tenant), subject, StartOf(answer.Windows[i])) { Spent = answer.Spent[i], Reserved = answer.Reserved[i] };
            Note(made[place], answer.Peaks[i]);
        }

        Expired(answer.Ended);
        if (!answer.Granted)
        {
            if (instead is not null && answer.InsteadWasOpen)
            {
                return new ReservationResult(instead, null, 0);
            }

            var tightest = made[counters.Sorted[answer.Short].Place];
            return new ReservationResult(null, tightest, tightest.Left) { ShortState = tightest.State() };
        }

        if (instead is not null && answer.InsteadWasOpen)
        {
            instead.State = ReservationState.Settled;
        }

        var reservation = new Reservation(made, answer.Amount, answer.Tokens, answer.Now + options.Lease) { Id = id, CallId = request.CallId, Tenant = principal.Tenant };
        return new ReservationResult(reservation, null, made.Min(counter => counter.Left) + answer.Amount);
    }

    public async ValueTask<bool> SettleAsync(Reservation reservation, long cost)
    {
        if (reservation.State == ReservationState.Settled)
        {
            return false;
        }

        Counter[] sorted = [.. reservation.Counters.OrderBy(one => LedgerCounters.TenantOf(one.Tenant), LedgerCounters.Bytes)
            .ThenBy(one => one.Rule.Name, LedgerCounters.Bytes).ThenBy(one => one.Subject, LedgerCounters.Bytes).ThenBy(one => one.Start)];
        var answer = await _questions.RunAsync(
            """
            SELECT o_first, o_spent, o_reserved, o_peaks, o_ended FROM
                agentgate_budget_settle($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            parameters =>
            {
                AddStart(parameters);
                parameters.Add(new NpgsqlParameter { Value = reservation.Id });
                AddCall(parameters, reservation.Tenant, reservation.CallId);
                LedgerCounters.AddKeys(parameters, [.. sorted.Select(one => (LedgerCounters.TenantOf(one.Tenant), one.Rule.Name, one.Subject))]);
                parameters.Add(new NpgsqlParameter { Value = sorted.Select(one => one.Start.ToUnixTimeMilliseconds()).ToArray() });
                parameters.Add(new NpgsqlParameter { Value = cost });
            },
            reader => (
                First: reader.GetBoolean(0), Spent: reader.GetFieldValue<long[]>(1), Reserved: reader.GetFieldValue<long[]>(2), Peaks: reader.GetFieldValue<long[]>(3),
                Ended: reader.IsDBNull(4) ? [] : reader.GetFieldValue<long[]>(4)),
            CancellationToken.None);
        reservation.State = ReservationState.Settled;
        for (var i = 0; i < sorted.Length; i++)
        {
            (sorted[i].Spent, sorted[i].Reserved) = (answer.Spent[i], answer.Reserved[i]);
            Note(sorted[i], answer.Peaks[i]);
        }

        Expired(answer.Ended);
        return answer.First;
    }

    /// <summary>
    /// Gives back what was reserved for callers that never heard of it, and puts right what differs from the log: a call whose server
    /// died is charged as its outcome says in the end, one the log knows nothing of is charged nothing.
    /// </summary>
    /// <returns>How many counters were put right.</returns>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer.</exception>
    public async ValueTask<int> ReconcileAsync(CancellationToken cancellationToken)
    {
        while (_unsure.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > s_surelyOver)
        {
            await _questions.RunAsync<object?>(
                "SELECT agentgate_budget_release($1, $2, $3)", parameters => { AddStart(parameters); parameters.Add(new NpgsqlParameter { Value = oldest.Id }); }, _ => null, cancellationToken);
            _unsure.TryDequeue(out _);
        }

        var since = ((Now ?? time.GetUtcNow()) - s_longestWindow).ToUnixTimeMilliseconds();
        return await _questions.RunAsync(
            """
            SELECT r.tenant, r.rule, r.subject, r.window_start, r.was, r.is_now FROM (SELECT 1) one
            LEFT JOIN agentgate_budget_reconcile($1, $2, $3, $4, $5, $6, $7) r ON true
            """,
            parameters =>
            {
                AddStart(parameters);
                parameters.Add(new NpgsqlParameter { Value = _owner });
                parameters.Add(new NpgsqlParameter { Value = options.Lease });
                LedgerCounters.Add(parameters, [.. rules.All.Select(rule => rule.Name)]);
                parameters.Add(new NpgsqlParameter { Value = rules.All.Select(rule => rule.Per == BudgetPer.All).ToArray() });
                parameters.Add(new NpgsqlParameter { Value = since });
            },
            reader =>
            {
                var corrected = 0;
                do
                {
                    if (!reader.IsDBNull(0))
                    {
                        corrected++;
                        metrics.Corrected(reader.GetString(1));
                        Log.Corrected(logger, Codes.BudgetCorrected, reader.GetString(0), reader.GetString(1), reader.GetString(2), NanoUsd.ToUsd(reader.GetInt64(4)), NanoUsd.ToUsd(reader.GetInt64(5)));
                    }
                }
                while (reader.Read());
                return corrected;
            },
            cancellationToken,
            ReconcileSeconds);
    }

    public ImmutableArray<BudgetState> StatesOf(Reservation reservation) => [.. reservation.Counters.Select(counter => counter.State())];

    public async ValueTask<ImmutableArray<BudgetState>> StatesOfAsync(Principal principal, CancellationToken cancellationToken)
    {
        ActiveRule[] covering = [.. rules.All.Where(rule => rule.Covers(principal))];
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
        var byName = rules.All.ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        return [.. held.Rows
            .Where(row => byName.TryGetValue(row.Rule, out var rule) && rule.Per != BudgetPer.All && BudgetWindows.Start(rule.Window, held.Now).ToUnixTimeMilliseconds() == row.Window)
            .OrderBy(row => row.Rule, StringComparer.Ordinal).ThenBy(row => row.Subject, StringComparer.Ordinal)
            .Select(row => new Counter(byName[row.Rule], tenant, row.Subject, StartOf(row.Window)) { Spent = row.Spent, Reserved = row.Reserved }.State())];
    }

    private DateTimeOffset? Now => testClock?.GetUtcNow();

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

    private void AddCall(NpgsqlParameterCollection parameters, string tenant, string? callId)
    {
        parameters.Add(new NpgsqlParameter { Value = _owner });
        parameters.Add(new NpgsqlParameter { Value = tenant });
        parameters.Add(new NpgsqlParameter { Value = (object?)callId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
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

    private void Expired(long[] amounts)
    {
        foreach (var amount in amounts)
        {
            metrics.Expired(Charges);
            Log.LeaseExpired(logger, Codes.LeaseExpired, NanoUsd.ToUsd(amount), Charges ? "charged" : "given back");
        }
    }

    private sealed record Row(string Rule, string Subject, long Window, long Spent, long Reserved);

    private readonly record struct Answer(
        bool Granted, long Amount, long Tokens, int Short, DateTimeOffset Now, long[] Windows, long[] Spent, long[] Reserved, long[] Peaks, long[] Ended, bool InsteadWasOpen);

    private static partial class Log
    {
        [LoggerMessage(2207, LogLevel.Warning, "{Code}: a reservation of {Amount} USD was not settled within its lease; it is {What}.")]
        public static partial void LeaseExpired(ILogger logger, string code, decimal amount, string what);

        [LoggerMessage(2210, LogLevel.Warning, "{Code}: tenant {Tenant}: the budget {Rule} of {Subject} said {Was} USD and the log says {Is}; the log is right.")]
        public static partial void Corrected(ILogger logger, string code, string tenant, string rule, string subject, decimal was, decimal @is);
    }
}
