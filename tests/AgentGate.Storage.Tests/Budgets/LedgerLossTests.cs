using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster;
using AgentGate.Storage.Cluster.Budgets;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Time.Testing;
using Npgsql;

namespace AgentGate.Storage.Tests.Budgets;

/// <summary>Servers and databases that die, and a log that says more than the ledger knows.</summary>
public sealed class LedgerLossTests
{
    private static readonly Principal s_agent = new() { Id = "a", Tenant = "t1", KeyId = "k" };

    [Fact]
    public async Task Without_the_database_a_question_fails_as_lost_and_the_ledger_comes_back_with_it()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var database = await MigratedAsync(server);
        var options = Options(1_000);
        var ledger = PostgresBudgetLedgerTests.Ledger(database, options);
        var kept = (await ReserveAsync(ledger, options, 400)).Granted!;
        await IntentAsync(database, "kept", 400);

        await server.KillAsync();
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => ReserveAsync(ledger, options, 10));
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => ledger.SettleAsync(kept, 100).AsTask());
        await Assert.ThrowsAsync<BudgetLedgerLostException>(() => ledger.StatesOfAsync(s_agent, default).AsTask());
        await server.StartAgainAsync();

        Assert.Null((await ReserveAsync(ledger, options, 601)).Granted);
        Assert.True(await ledger.SettleAsync(kept, 100));
        Assert.NotNull((await ReserveAsync(ledger, options, 900)).Granted);
    }

    [Fact]
    public async Task Killed_under_load_it_recovers_and_what_was_spent_and_reserved_never_passes_the_limit()
    {
        const int Limit = 100_000;
        await using var server = await PostgresServer.StartAsync();
        await using var database = await MigratedAsync(server);
        var options = Options(Limit);
        PostgresBudgetLedger[] ledgers = [PostgresBudgetLedgerTests.Ledger(database, options), PostgresBudgetLedgerTests.Ledger(database, options)];
        using var end = new CancellationTokenSource();
        var (spent, over, granted) = (0L, 0, 0);
        var load = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var call = 0; !end.IsCancellationRequested; call++)
            {
                try
                {
                    var name = $"{caller}-{call}";
                    if ((await ReserveAsync(ledgers[caller % 2], options, random.Next(100, 2_000), name)).Granted is not { } reservation)
                    {
                        await Task.Delay(20);
                        continue;
                    }

                    Interlocked.Add(ref over, ledgers[0].StatesOf(reservation).Count(state => state.SpentUsd + state.ReservedUsd > state.LimitUsd));

                    // The effect runs when the intent is on record, and on no other terms.
                    await IntentAsync(database, name, reservation.Amount);
                    Interlocked.Increment(ref granted);
                    var cost = random.NextInt64(reservation.Amount / 10);
                    Interlocked.Add(ref spent, cost);
                    await ledgers[caller % 2].SettleAsync(reservation, cost);
                }
                catch (Exception lost) when (lost is BudgetLedgerLostException or NpgsqlException)
                {
                    await Task.Delay(20);
                }
            }
        })).ToArray();

        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(700, TestContext.Current.CancellationToken);
            await server.KillAsync();
            await Task.Delay(200, TestContext.Current.CancellationToken);
            await server.StartAgainAsync();
        }

        var before = Volatile.Read(ref granted);
        await Task.Delay(700, TestContext.Current.CancellationToken);
        await end.CancelAsync();
        await Task.WhenAll(load);

        Assert.Equal(0, over);
        Assert.True(spent <= Limit, $"{spent} of {Limit} were spent");
        Assert.True(granted > before || spent > Limit / 2, "it did not recover");
        var state = Assert.Single(await ledgers[1].StatesOfAsync(s_agent, default));
        Assert.True(state.SpentUsd + state.ReservedUsd <= state.LimitUsd && state.ReservedUsd >= 0, state.ToString());
    }

    [Theory]
    [InlineData(LostSettlement.ChargeReservation, 400)]
    [InlineData(LostSettlement.Release, 0)]
    public async Task A_server_that_dies_leaves_a_lease_that_another_ends_as_declared_until_the_log_says_what_was_charged(LostSettlement declared, long byLease)
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero));
        var options = Options(1_000);
        options.LostSettlement = declared;
        var (dead, alive) = (PostgresBudgetLedgerTests.Ledger(database.Database, options, clock), PostgresBudgetLedgerTests.Ledger(database.Database, options, clock));
        await ReserveAsync(dead, options, 400, "dies");
        await IntentAsync(database.Database, "dies", 400);
        Assert.Equal(0, await alive.ReconcileAsync(default));
        Assert.Equal((0, 400), await HeldAsync(alive));

        clock.Advance(options.Lease);
        Assert.NotNull((await ReserveAsync(alive, options, 1_000 - byLease, "next")).Granted);
        Assert.Equal((byLease, 1_000 - byLease), await HeldAsync(alive));

        // The next start closes the intent as unknown, and charges it in full: the log has the last word.
        await OutcomeAsync(database.Database, "dies", 400);
        await alive.ReconcileAsync(default);
        Assert.Equal(400, (await HeldAsync(alive)).Spent);
        Assert.Equal(0, await alive.ReconcileAsync(default));
    }

    [Fact]
    public async Task What_the_log_closed_is_reserved_no_longer_and_what_it_knows_alone_is_taken_up()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = Options(1_000);
        var ledger = PostgresBudgetLedgerTests.Ledger(database.Database, options);
        await ReserveAsync(ledger, options, 300, "closed");
        await IntentAsync(database.Database, "closed", 300);
        await IntentAsync(database.Database, "only the log's", 200);
        await ledger.ReconcileAsync(default);
        Assert.Equal((0, 500), await HeldAsync(ledger));

        await OutcomeAsync(database.Database, "closed", 300);
        Assert.Equal(1, await ledger.ReconcileAsync(default));
        Assert.Equal((300, 200), await HeldAsync(ledger));
        await OutcomeAsync(database.Database, "only the log's", 50);
        await ledger.ReconcileAsync(default);
        Assert.Equal((350, 0), await HeldAsync(ledger));
    }

    [Fact]
    public async Task A_settled_call_agrees_with_the_log_before_and_after_its_outcome()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = Options(1_000);
        var ledger = PostgresBudgetLedgerTests.Ledger(database.Database, options);
        var reservation = (await ReserveAsync(ledger, options, 300, "call")).Granted!;
        await IntentAsync(database.Database, "call", 300);

        await ledger.SettleAsync(reservation, 120);
        Assert.Equal(0, await ledger.ReconcileAsync(default));
        await OutcomeAsync(database.Database, "call", 120);

        Assert.Equal(0, await ledger.ReconcileAsync(default));
        Assert.Equal((120, 0), await HeldAsync(ledger));
    }

    [Fact]
    public async Task No_connection_of_a_tenant_sees_anothers_counters_or_the_shared_ones()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = Options(1_000);
        options.Rules.Add(new BudgetRule { Name = "all", LimitUsd = 1, Per = BudgetPer.All });
        var ledger = PostgresBudgetLedgerTests.Ledger(database.Database, options);
        await ReserveAsync(ledger, options, 10);

        foreach (var table in (string[])["budget_balances", "budget_reservations"])
        {
            await using (var own = await database.Database.OpenAsync("t1", TestContext.Current.CancellationToken))
            {
                await using var seen = new NpgsqlCommand($"SELECT count(*) FROM {table}", own);
                Assert.Equal(1L, await seen.ExecuteScalarAsync(TestContext.Current.CancellationToken));
            }

            await using var nobody = await database.Database.Tenants.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var none = new NpgsqlCommand($"SELECT count(*) FROM {table}", nobody);
            Assert.Equal(0L, await none.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_reservation_its_caller_never_heard_of_is_given_back()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        var options = Options(1_000);
        var ledger = PostgresBudgetLedgerTests.Ledger(database.Database, options);
        var kept = (await ReserveAsync(ledger, options, 300)).Granted!;

        await using var release = database.Database.System.CreateCommand("SELECT agentgate_budget_release(NULL, true, $1)");
        release.Parameters.Add(new NpgsqlParameter { Value = kept.Id });
        await release.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await release.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 0), await HeldAsync(ledger));
    }

    internal static BudgetOptions Options(long nano, BudgetWindow window = BudgetWindow.Total)
    {
        var options = new BudgetOptions();
        options.Rules.Add(new BudgetRule { Name = "r", LimitUsd = nano / NanoUsd.PerUsd, Window = window });
        return options;
    }

    internal static Task<ReservationResult> ReserveAsync(PostgresBudgetLedger ledger, BudgetOptions options, long nano, string call = "kept")
        => ledger.ReserveAsync(new RuleSet(options).Covering(s_agent, "m"), s_agent, new ReservationRequest(nano, 0, 0, 0) { CallId = call }).AsTask();

    internal static async Task<(long Spent, long Reserved)> HeldAsync(PostgresBudgetLedger ledger)
    {
        var state = (await ledger.StatesOfAsync(s_agent, TestContext.Current.CancellationToken)).First(one => one.Rule == "r");
        return ((long)(state.SpentUsd * NanoUsd.PerUsd), (long)(state.ReservedUsd * NanoUsd.PerUsd));
    }

    /// <summary>What the log posts with an intent.</summary>
    internal static Task IntentAsync(PostgresDatabase database, string call, long nano)
        => ExecuteAsync(database, "INSERT INTO budget_open (tenant, call_id, rule, subject, window_start, nano_usd) VALUES ('t1', $1, 'r', 'principal/a', 0, $2)", call, nano);

    /// <summary>What the log posts with an outcome, in one transaction.</summary>
    internal static Task OutcomeAsync(PostgresDatabase database, string call, long nano)
        => ExecuteAsync(
            database,
            """
            WITH closed AS (DELETE FROM budget_open WHERE tenant = 't1' AND call_id = $1), posted AS (INSERT INTO budget_posted (tenant, call_id) VALUES ('t1', $1))
            INSERT INTO budget_spent AS s (tenant, rule, subject, window_start, nano_usd) VALUES ('t1', 'r', 'principal/a', 0, $2)
            ON CONFLICT (tenant, rule, subject, window_start) DO UPDATE SET nano_usd = s.nano_usd + $2
            """,
            call,
            nano);

    internal static async Task ExecuteAsync(PostgresDatabase database, string sql, string call, long nano)
    {
        await using var command = database.System.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = call });
        command.Parameters.Add(new NpgsqlParameter { Value = nano });
        await command.ExecuteNonQueryAsync();
    }

    internal static async Task<PostgresDatabase> MigratedAsync(PostgresServer server)
    {
        var database = new PostgresDatabase(PostgresUrl.Read("DATABASE_URL", await server.CreateDatabaseAsync()));
        await new PostgresStorageInitializer(database).InitializeAsync(CancellationToken.None);
        return database;
    }
}
