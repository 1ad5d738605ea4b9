using AgentGate.Budgets;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Budgets;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using static AgentGate.Storage.Tests.Budgets.LedgerLossTests;

namespace AgentGate.Storage.Tests.Budgets;

/// <summary>Holding the ledger against the log: what it puts right once, what it leaves alone, and what it forgets.</summary>
public sealed class LedgerUpkeepTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
    private readonly Told _logger = new();
    private PostgresTestDatabase? _database;

    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_lapsed_charge_that_the_log_replaced_is_not_subtracted_again_by_a_late_settlement()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options);
        var late = (await ReserveAsync(ledger, options, 400, "late")).Granted!;
        await IntentAsync(database, "late", 400);
        _clock.Advance(options.Lease);
        Assert.Equal((400, 0), await HeldAsync(ledger));
        await OutcomeAsync(database, "late", 400);
        await ledger.ReconcileAsync(default);
        Assert.Equal((400, 0), await HeldAsync(ledger));

        await ledger.SettleAsync(late, 100);

        Assert.Equal((400, 0), await HeldAsync(ledger));
    }

    [Fact]
    public async Task A_lapsed_charge_that_was_given_back_is_not_subtracted_again_by_a_late_settlement()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options);
        await LogIsKeptAsync(database);
        var late = (await ReserveAsync(ledger, options, 400, "late")).Granted!;
        _clock.Advance(options.Lease);
        await ledger.ReconcileAsync(default);
        Assert.Equal(0, (await HeldAsync(ledger)).Spent);

        await ledger.SettleAsync(late, 100);

        Assert.Equal(100, (await HeldAsync(ledger)).Spent);
    }

    [Fact]
    public async Task A_lapsed_charge_that_was_given_back_is_not_subtracted_again_by_a_release()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options);
        await LogIsKeptAsync(database);
        var lost = (await ReserveAsync(ledger, options, 400, "lost")).Granted!;
        _clock.Advance(options.Lease);
        await ledger.ReconcileAsync(default);

        await using var release = database.System.CreateCommand("SELECT agentgate_budget_release('2026-11-22 11:00+00', true, $1)");
        release.Parameters.Add(new NpgsqlParameter { Value = lost.Id });
        await release.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await HeldAsync(ledger)).Spent);
    }

    [Fact]
    public async Task What_an_effect_cost_stays_charged_when_a_broken_database_lost_its_intent_and_it_is_told_once()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options, intentsAreDurable: false);
        await LogIsKeptAsync(database);
        var reservation = (await ReserveAsync(ledger, options, 400, "lost")).Granted!;

        // The intent was acknowledged and is gone; the effect ran.
        await ledger.SettleAsync(reservation, 120);
        await ledger.ReconcileAsync(default);
        _clock.Advance(TimeSpan.FromHours(1));
        await ledger.ReconcileAsync(default);

        Assert.Equal(120, (await HeldAsync(ledger)).Spent);
        var (_, message) = Assert.Single(_logger.Records, record => record.Id == 2212);
        Assert.Contains("tenant t1: the log knows nothing of call lost", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charge_that_is_stated_again_counts_once_and_counts_where_the_database_lost_it()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options, intentsAreDurable: false);
        await LogIsKeptAsync(database);
        var reservation = (await ReserveAsync(ledger, options, 400, "lost")).Granted!;
        await ledger.SettleAsync(reservation, 120);

        await ledger.KeepAsync(reservation, 120);
        Assert.Equal((120, 0), await HeldAsync(ledger));

        // A break takes the last moment with it: the reservation and its settlement.
        await ExecuteAsync(database, "WITH gone AS (DELETE FROM budget_reservations WHERE call_id = $1) UPDATE budget_balances SET spent = $2", "lost", 0);
        await ledger.KeepAsync(reservation, 120);
        await ledger.ReconcileAsync(default);

        Assert.Equal((120, 0), await HeldAsync(ledger));
        Assert.Single(_logger.Records, record => record.Id == 2212);
    }

    [Fact]
    public async Task A_charge_that_is_stated_while_the_database_is_away_is_stated_when_it_is_back()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = await MigratedAsync(server);
        var options = Options(1_000);
        var ledger = PostgresBudgetLedgerTests.Ledger(database, options, intentsAreDurable: false, _logger);
        await LogIsKeptAsync(database);
        var reservation = (await ReserveAsync(ledger, options, 400, "lost")).Granted!;

        await server.KillAsync();
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => ledger.SettleAsync(reservation, 120).AsTask());
        await ledger.KeepAsync(reservation, 120);
        await server.StartAgainAsync();
        await ledger.ReconcileAsync(default);

        Assert.Equal((120, 0), await HeldAsync(ledger));
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 400)]
    public async Task A_lease_without_an_intent_is_given_back_only_where_that_proves_that_nothing_ran(bool durable, long spent)
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options, durable);
        await LogIsKeptAsync(database);
        await ReserveAsync(ledger, options, 400, "lost");
        _clock.Advance(options.Lease);

        await ledger.ReconcileAsync(default);
        await ledger.ReconcileAsync(default);

        Assert.Equal(spent, (await HeldAsync(ledger)).Spent);
        Assert.Equal(durable ? 0 : 1, _logger.Records.Count(record => record.Id == 2212));
    }

    [Fact]
    public async Task A_charge_that_stood_without_the_log_gives_way_to_what_the_log_says_after_all()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options, intentsAreDurable: false);
        await LogIsKeptAsync(database);
        await ReserveAsync(ledger, options, 400, "late");
        _clock.Advance(options.Lease);
        await ledger.ReconcileAsync(default);
        await IntentAsync(database, "late", 400);
        await OutcomeAsync(database, "late", 70);

        await ledger.ReconcileAsync(default);

        Assert.Equal(70, (await HeldAsync(ledger)).Spent);
    }

    [Fact]
    public async Task A_settlement_after_the_log_posted_the_call_and_the_ledger_forgot_it_charges_nothing()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options);
        var reservation = (await ReserveAsync(ledger, options, 400, "call")).Granted!;
        await IntentAsync(database, "call", 400);
        await OutcomeAsync(database, "call", 400);
        await ledger.ReconcileAsync(default);
        Assert.Equal(0L, await CountAsync(database, "budget_reservations"));

        Assert.False(await ledger.SettleAsync(reservation, 90));

        Assert.Equal((400, 0), await HeldAsync(ledger));
    }

    [Fact]
    public async Task Upkeep_waits_for_no_counter_that_agrees_with_the_log()
    {
        var (database, options) = (await CreateAsync(), Options(1_000_000));
        var ledger = Ledger(database, options);
        for (var call = 0; call < 20; call++)
        {
            var reservation = (await ReserveAsync(ledger, options, 300, "call " + call)).Granted!;
            await IntentAsync(database, "call " + call, 300);
            if (call % 2 == 0)
            {
                await ledger.SettleAsync(reservation, 120);
            }

            if (call % 4 == 0)
            {
                await OutcomeAsync(database, "call " + call, 120);
            }
        }

        // Somebody holds the hot counter for as long as this transaction lasts.
        await using var connection = await database.OpenSystemAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new NpgsqlCommand("SELECT FROM budget_balances FOR UPDATE", connection, transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, await ledger.ReconcileAsync(default).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_counters_are_looked_at_page_by_page_and_all_that_are_wrong_are_put_right()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options);
        await ExecuteAsync(
            database, "INSERT INTO budget_spent (tenant, rule, subject, window_start, nano_usd) SELECT 't1', 'r', $1 || n, 0, n + $2 FROM generate_series(1, 300) n", "principal/", 0);

        // None has a counter yet.
        var corrected = await ledger.ReconcileAsync(default);

        Assert.Equal(300, corrected);
        await using var wrong = database.System.CreateCommand("SELECT count(*) FROM budget_balances b JOIN budget_spent s USING (tenant, rule, subject, window_start) WHERE b.spent = s.nano_usd");
        Assert.Equal(300L, await wrong.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await ledger.ReconcileAsync(default));
    }

    [Fact]
    public async Task Counters_of_windows_long_past_are_forgotten_and_those_of_this_window_and_the_one_before_stay()
    {
        var (database, options) = (await CreateAsync(), Options(1_000, BudgetWindow.Day));
        var ledger = Ledger(database, options);
        for (var day = 0; day < 8; day++)
        {
            var reservation = (await ReserveAsync(ledger, options, 10, "day " + day)).Granted!;
            if (day != 1)
            {
                await ledger.SettleAsync(reservation, 0);
            }
            else
            {
                // This one is still on record as open: its counter stays.
                await IntentAsync(database, "day 1", 10);
            }

            _clock.Advance(TimeSpan.FromDays(1));
        }

        await ledger.ReconcileAsync(default);
        await ledger.ReconcileAsync(default);

        // The last three whole days, the day of the open call, and no more.
        await using var days = database.System.CreateCommand("SELECT array_agg(to_char(to_timestamp(window_start / 1000) AT TIME ZONE 'UTC', 'DD') ORDER BY window_start) FROM budget_balances");
        Assert.Equal(["23", "27", "28", "29"], (string[])(await days.ExecuteScalarAsync(TestContext.Current.CancellationToken))!);
    }

    [Fact]
    public async Task What_is_settled_and_posted_leaves_nothing_behind()
    {
        var (database, options) = (await CreateAsync(), Options(1_000));
        var ledger = Ledger(database, options);
        var reservation = (await ReserveAsync(ledger, options, 300, "call")).Granted!;
        await IntentAsync(database, "call", 300);
        await ledger.SettleAsync(reservation, 120);
        await OutcomeAsync(database, "call", 120);
        await ExecuteAsync(database, "UPDATE budget_posted SET at = '2026-11-22 09:00+00' WHERE call_id = $1 AND $2 = 0", "call", 0);

        await ledger.ReconcileAsync(default);

        Assert.Equal((120, 0), await HeldAsync(ledger));
        Assert.Equal((0L, 0L), (await CountAsync(database, "budget_reservations"), await CountAsync(database, "budget_posted")));
    }

    private async Task<PostgresDatabase> CreateAsync() => (_database = await PostgresTestDatabase.CreateAsync()).Database;

    private PostgresBudgetLedger Ledger(PostgresDatabase database, BudgetOptions options, bool intentsAreDurable = true)
        => PostgresBudgetLedgerTests.Ledger(database, options, intentsAreDurable, _logger, _clock);

    /// <summary>Without anything posted there is no log to hold the ledger against.</summary>
    private static Task LogIsKeptAsync(PostgresDatabase database)
        => ExecuteAsync(database, "INSERT INTO budget_spent (tenant, rule, subject, window_start, nano_usd) VALUES ('t1', $1, 'principal/a', 0, $2)", "another", 1);

    private static async Task<long> CountAsync(PostgresDatabase database, string table)
    {
        await using var command = database.System.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private sealed class Told : ILogger<PostgresBudgetLedger>
    {
        public List<(int Id, string Message)> Records { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Records)
            {
                Records.Add((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
