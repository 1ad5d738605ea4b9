using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IBudgetStore"/> must do.</summary>
public abstract class BudgetStoreConformance : IAsyncDisposable
{
    private protected static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Day = new(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A store, and the way entries get into the log it is written with.</summary>
    private protected abstract Task<(IBudgetStore Store, Func<LogEntryBody[], Task> Append)> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Nothing_is_spent_before_anything_was()
        => Assert.Empty((await CreateAsync()).Store.Load(Now));

    [Fact]
    public async Task A_reservation_counts_until_its_outcome_puts_the_charge_in_its_place()
    {
        var (store, append) = await CreateAsync();

        await append([Entry(EntryKind.Intent, "1", Posting(100))]);
        Assert.Equal(100, Assert.Single(store.Load(Now)).NanoUsd);

        await append([Entry(EntryKind.Outcome, "1", Posting(30))]);
        Assert.Equal(new BudgetBalance("t", "r", "principal/a", Day, 30), Assert.Single(store.Load(Now)));
    }

    [Fact]
    public async Task Charges_of_many_calls_add_up_also_within_one_transaction()
    {
        var (store, append) = await CreateAsync();

        await append([Entry(EntryKind.Intent, "1", Posting(100)), Entry(EntryKind.Intent, "2", Posting(200)), Entry(EntryKind.Outcome, "1", Posting(7))]);
        await append([Entry(EntryKind.Outcome, "2", Posting(0))]);
        await append([Entry(EntryKind.Intent, "3", Posting(50)), Entry(EntryKind.Outcome, "3", Posting(50))]);

        Assert.Equal(57, Assert.Single(store.Load(Now)).NanoUsd);
    }

    [Fact]
    public async Task Rules_subjects_tenants_and_windows_are_kept_apart()
    {
        var (store, append) = await CreateAsync();
        BudgetPosting[] postings =
            [Posting(1), Posting(2) with { Rule = "other" }, Posting(4) with { Rule = "third", Subject = "tenant" }];

        await append([Entry(EntryKind.Intent, "1", postings), Entry(EntryKind.Outcome, "1", postings)]);
        await append([Entry(EntryKind.Intent, "2", Posting(8)) with { Tenant = "u" }, Entry(EntryKind.Outcome, "2", Posting(8)) with { Tenant = "u" }]);
        await append([Entry(EntryKind.Outcome, "3", Posting(16) with { Window = Day.AddHours(10) })]);
        await append([Entry(EntryKind.Outcome, "4", Posting(32) with { Window = DateTimeOffset.UnixEpoch })]);

        Assert.Equal([1, 2, 4, 8, 16, 32], store.Load(Now).Select(balance => balance.NanoUsd).Order());
    }

    [Fact]
    public async Task Windows_that_are_long_over_are_not_read_and_one_that_never_ends_is()
    {
        var (store, append) = await CreateAsync();
        await append([Entry(EntryKind.Outcome, "1", Posting(1), Posting(2) with { Rule = "ever", Window = DateTimeOffset.UnixEpoch })]);

        Assert.Equal(["ever"], store.Load(Now.AddDays(60)).Select(balance => balance.Rule));
        Assert.Equal(["ever"], store.Load(Now.AddDays(500)).Select(balance => balance.Rule));
    }

    [Fact]
    public async Task An_unknown_outcome_of_an_intent_nobody_can_read_charges_what_was_reserved()
    {
        var (store, append) = await CreateAsync();
        await append([Entry(EntryKind.Intent, "1", Posting(100)), Entry(EntryKind.Intent, "2", Posting(10))]);

        await append([Entry(EntryKind.Outcome, "1") with { Outcome = OutcomeKind.Unknown }, Entry(EntryKind.Outcome, "2", Posting(1))]);

        Assert.Equal(101, Assert.Single(store.Load(Now)).NanoUsd);
        await append([Entry(EntryKind.Outcome, "1") with { Outcome = OutcomeKind.Unknown }]);
        Assert.Equal(101, Assert.Single(store.Load(Now)).NanoUsd);
    }

    private protected static BudgetPosting Posting(long nano) => new("r", "principal/a", Day, nano);

    private protected static LogEntryBody Entry(EntryKind kind, string callId, params BudgetPosting[] postings) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Kind = kind,
        At = Now,
        Tenant = "t",
        CallId = callId,
        Outcome = kind == EntryKind.Outcome ? OutcomeKind.Completed : null,
        Budgets = [.. postings],
    };
}
