using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Loopback;
using AgentGate.Storage.Cluster.Budgets;
using Npgsql;

namespace AgentGate.Storage.Tests.Budgets;

/// <summary>What the log's transaction writes of the money that its entries carry; the sums are those of the embedded profile.</summary>
public sealed class LedgerPostingsTests
{
    private static readonly DateTimeOffset s_day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_reservation_stands_until_its_outcome_puts_the_charge_in_its_place()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();

        await ApplyAsync(database, Entry(EntryKind.Intent, "1", Posting(100), Posting(7) with { Rule = "s" }), Entry(EntryKind.Intent, "2", Posting(50)));
        Assert.Equal((0, 157), await SumsAsync(database));
        await ApplyAsync(database, Entry(EntryKind.Outcome, "1", Posting(30), Posting(0) with { Rule = "s" }), Entry(EntryKind.Outcome, "none"));
        Assert.Equal((30, 50), await SumsAsync(database));
        await ApplyAsync(database, Entry(EntryKind.Outcome, "2", Posting(5)), Entry(EntryKind.Intent, "3", Posting(9)), Entry(EntryKind.Outcome, "3", Posting(4)));
        Assert.Equal((39, 0), await SumsAsync(database));
    }

    [Fact]
    public async Task An_unknown_outcome_that_names_no_money_charges_what_was_reserved_once()
    {
        await using var database = await PostgresTestDatabase.CreateAsync();
        await ApplyAsync(database, Entry(EntryKind.Intent, "1", Posting(100)), Entry(EntryKind.Intent, "2", Posting(10)));

        await ApplyAsync(database, Entry(EntryKind.Outcome, "1") with { Outcome = OutcomeKind.Unknown }, Entry(EntryKind.Outcome, "2", Posting(1)));
        await ApplyAsync(database, Entry(EntryKind.Outcome, "1") with { Outcome = OutcomeKind.Unknown });
        await ApplyAsync(database, Entry(EntryKind.Intent, "4", Posting(3)), Entry(EntryKind.Outcome, "4") with { Outcome = OutcomeKind.Unknown });

        Assert.Equal((104, 0), await SumsAsync(database));
    }

    [Fact]
    public async Task Entries_without_money_cost_no_statement()
    {
        await using var batch = new NpgsqlBatch();

        LedgerPostings.Add(batch, [Entry(EntryKind.Intent, "1"), Entry(EntryKind.Outcome, "1"), Entry(EntryKind.Denied, "2")]);

        Assert.Empty(batch.BatchCommands);
    }

    private static async Task ApplyAsync(PostgresTestDatabase database, params LogEntryBody[] entries)
    {
        await using var connection = await database.Database.OpenSystemAsync(TestContext.Current.CancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        LedgerPostings.Add(batch, entries);
        await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(long Spent, long Open)> SumsAsync(PostgresTestDatabase database)
    {
        await using var command = database.Database.System.CreateCommand(
            "SELECT coalesce((SELECT sum(nano_usd) FROM budget_spent), 0)::bigint, coalesce((SELECT sum(nano_usd) FROM budget_open), 0)::bigint");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static BudgetPosting Posting(long nano) => new("r", "principal/a", s_day, nano);

    private static LogEntryBody Entry(EntryKind kind, string callId, params BudgetPosting[] postings) => new()
    {
        Id = callId,
        Kind = kind,
        At = s_day,
        Tenant = "t",
        CallId = callId,
        Outcome = kind == EntryKind.Outcome ? OutcomeKind.Completed : null,
        Budgets = [.. postings],
    };
}
