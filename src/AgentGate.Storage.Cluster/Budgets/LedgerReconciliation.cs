using AgentGate.Budgets;
using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>
/// Holds the ledger against the log, in small pieces: pages of counters are looked at without a lock, and what looks wrong is put right
/// one counter and one short transaction at a time. Several servers may do it at once; each finds what the others did.
/// </summary>
/// <param name="questions">Asks the database.</param>
/// <param name="rules">The rules.</param>
/// <param name="options">Leases, and what becomes of those that lapse.</param>
/// <param name="metrics">Counts what was put right.</param>
/// <param name="owner">This server.</param>
/// <param name="logger">Where it is told.</param>
/// <param name="testClock">Tests put a clock of their own in the place of the database's.</param>
/// <param name="intentsAreDurable">Whether an intent that is on record stays there whatever breaks: whether its absence says that the effect never ran.</param>
internal sealed partial class LedgerReconciliation(
    LedgerQuestions questions, RuleSet rules, BudgetOptions options, BudgetMetrics metrics, string owner, ILogger logger, TimeProvider? testClock, bool intentsAreDurable)
{
    private const int PageRows = 128;
    private const int TakenAtOnce = 32;
    private const int ForgottenAtOnce = 1000;

    /// <summary>No run goes on for ever, however much comes up meanwhile; the next one is soon.</summary>
    private const int RoundsMax = 200;

    /// <summary>For how long counters of rules stay that are not configured any more: a month, the one before, and a day for late outcomes.</summary>
    private const long KeptDays = 64;

    private readonly string[] _names = [.. rules.All.Select(rule => rule.Name)];
    private readonly bool[] _shared = [.. rules.All.Select(rule => rule.Per == BudgetPer.All)];
    private readonly long[] _keeps = [.. rules.All.Select(rule => Milliseconds(DaysKept(rule.Window)))];

    private bool Charges => options.LostSettlement == LostSettlement.ChargeReservation;

    /// <summary>How long a counter stays and is looked at: its window, the one before, and a day for late outcomes at least.</summary>
    public static long DaysKept(BudgetWindow window) => window switch
    {
        BudgetWindow.Hour => 2,
        BudgetWindow.Day => 4,
        _ => KeptDays,
    };

    /// <summary>One run.</summary>
    /// <returns>How many counters were put right.</returns>
    /// <exception cref="BudgetLedgerLostException">The ledger cannot be reached or does not answer; what was done stays done.</exception>
    public async ValueTask<int> RunAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < RoundsMax && await TakeUpAsync(cancellationToken) >= TakenAtOnce; round++)
        {
        }

        var corrected = 0;
        for (LedgerRow? last = new("", "", "", -1, false); last is not null;)
        {
            var page = await PageAsync(last, cancellationToken);
            foreach (var row in page.Where(row => row.LooksWrong))
            {
                corrected += await CheckAsync(row, cancellationToken) ? 1 : 0;
            }

            last = page.Count == PageRows ? page[^1] : null;
        }

        for (var round = 0; round < RoundsMax && await ForgetAsync(cancellationToken) >= ForgottenAtOnce; round++)
        {
        }

        return corrected;
    }

    private static long Milliseconds(long days) => (long)TimeSpan.FromDays(days).TotalMilliseconds;

    private ValueTask<int> TakeUpAsync(CancellationToken cancellationToken) => questions.RunAsync(
        "SELECT agentgate_budget_take_up($1, $2, $3, $4, $5, $6, $7, $8)",
        parameters =>
        {
            Add(parameters, Charges, owner, options.Lease);
            LedgerCounters.Add(parameters, _names);
            Add(parameters, _shared, _keeps, TakenAtOnce);
        },
        reader => reader.GetInt32(0),
        cancellationToken);

    private ValueTask<List<LedgerRow>> PageAsync(LedgerRow last, CancellationToken cancellationToken) => questions.RunAsync(
        """
        SELECT p.tenant, p.rule, p.subject, p.window_start, p.looks_wrong FROM (SELECT 1) one
        LEFT JOIN agentgate_budget_page($1, $2, $3, $4, $5, $6, $7, $8, $9) p ON true
        """,
        parameters =>
        {
            Add(parameters, intentsAreDurable);
            LedgerCounters.Add(parameters, _names);
            parameters.Add(new NpgsqlParameter { Value = _keeps });
            AddKey(parameters, last);
            parameters.Add(new NpgsqlParameter { Value = PageRows });
        },
        reader =>
        {
            List<LedgerRow> rows = [];
            do
            {
                if (!reader.IsDBNull(0))
                {
                    rows.Add(new LedgerRow(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3), reader.GetBoolean(4)));
                }
            }
            while (reader.Read());
            return rows;
        },
        cancellationToken);

    private async ValueTask<bool> CheckAsync(LedgerRow row, CancellationToken cancellationToken)
    {
        var (was, @is, unrecorded) = await questions.RunAsync(
            "SELECT o_was, o_is, o_tenants, o_calls, o_charges FROM agentgate_budget_check($1, $2, $3, $4, $5, $6, $7)",
            parameters =>
            {
                Add(parameters, Charges, intentsAreDurable);
                AddKey(parameters, row);
            },
            reader => (
                reader.GetInt64(0),
                reader.GetInt64(1),
                reader.IsDBNull(2) ? [] : reader.GetFieldValue<string[]>(2).Zip(reader.GetFieldValue<string[]>(3), reader.GetFieldValue<long[]>(4)).ToArray()),
            cancellationToken);
        foreach (var (tenant, call, charge) in unrecorded)
        {
            metrics.Unrecorded(tenant, row.Rule);
            Log.Unrecorded(logger, Codes.ChargeUnrecorded, tenant, call, NanoUsd.ToUsd(charge), row.Rule);
        }

        if (was == @is)
        {
            return false;
        }

        metrics.Corrected(row.Rule);
        Log.Corrected(logger, Codes.BudgetCorrected, row.Tenant, row.Rule, row.Subject, NanoUsd.ToUsd(was), NanoUsd.ToUsd(@is));
        return true;
    }

    private ValueTask<int> ForgetAsync(CancellationToken cancellationToken) => questions.RunAsync(
        "SELECT agentgate_budget_forget($1, $2, $3, $4, $5)",
        parameters =>
        {
            Add(parameters);
            LedgerCounters.Add(parameters, _names);
            Add(parameters, _keeps, Milliseconds(KeptDays), ForgottenAtOnce);
        },
        reader => reader.GetInt32(0),
        cancellationToken);

    private static void AddKey(NpgsqlParameterCollection parameters, LedgerRow row)
    {
        parameters.Add(new NpgsqlParameter { Value = row.Tenant });
        parameters.Add(new NpgsqlParameter { Value = row.Rule });
        parameters.Add(new NpgsqlParameter { Value = row.Subject });
        parameters.Add(new NpgsqlParameter { Value = row.Window });
    }

    /// <summary>Adds values; the first question of each is the time, where a test sets it.</summary>
    private void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object> values)
    {
        if (parameters.Count == 0)
        {
            parameters.Add(new NpgsqlParameter { Value = testClock is { } clock ? clock.GetUtcNow().UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        }

        foreach (var value in values)
        {
            parameters.Add(new NpgsqlParameter { Value = value });
        }
    }

    private sealed record LedgerRow(string Tenant, string Rule, string Subject, long Window, bool LooksWrong);

    private static partial class Log
    {
        [LoggerMessage(2210, LogLevel.Warning, "{Code}: tenant {Tenant}: the budget {Rule} of {Subject} said {Was} USD and the log says {Is}; the log is right.")]
        public static partial void Corrected(ILogger logger, string code, string tenant, string rule, string subject, decimal was, decimal @is);

        [LoggerMessage(2212, LogLevel.Error, "{Code}: tenant {Tenant}: the log knows nothing of call {CallId}, and its effect may have run: {Amount} USD stay charged on the budget {Rule}.")]
        public static partial void Unrecorded(ILogger logger, string code, string tenant, string callId, decimal amount, string rule);
    }
}
