using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Budgets;
using AgentGate.Storage.Tests.Audit;
using AgentGate.Storage.Tests.Conformance;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Budgets;

public sealed class SqliteBudgetStoreTests : BudgetStoreConformance
{
    private TemporaryDatabase? _database;
    private SqliteRecorderBench? _bench;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_bench is not null)
        {
            await _bench.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>Copies of the files are taken while 8 callers spend: a start on any of them forgets no money that an outcome or an open call stands for.</summary>
    [Fact]
    public async Task A_start_after_a_crash_forgets_no_money_and_charges_open_calls_in_full()
    {
        await using var database = await TemporaryDatabase.CreateAsync();
        await using var bench = await new SqliteRecorderBench(database).FilledAsync(0);
        var charged = 0L;
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var callers = Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; !stop.IsCancellationRequested; call++)
            {
                var id = $"{caller}-{call}";
                await bench.Recorder.AppendAsync(new DecisionRecord(Entry(EntryKind.Intent, id, Posting(100))), default);
                await bench.Recorder.AppendAsync(new DecisionRecord(Entry(EntryKind.Outcome, id, Posting(60))), default);
                if (Interlocked.Add(ref charged, 60) > 60 * 200)
                {
                    reached.TrySetResult();
                }
            }
        })).ToArray();

        await reached.Task;
        var acknowledged = Interlocked.Read(ref charged);
        await using var copy = database.Copy();
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        await using var after = new SqliteRecorderBench(copy);
        var store = new SqliteBudgetStore(copy.Database);
        var before = store.Load(Now).Sum(balance => balance.NanoUsd);
        Assert.True(before >= acknowledged, $"{before} of {acknowledged} is left.");

        await after.FilledAsync(0);
        Assert.Equal(before, store.Load(Now).Sum(balance => balance.NanoUsd));
        var entries = (await after.Log.ReadChainAsync("t", 1, null, default).ToListAsync()).Select(e => LogEntryParser.Parse(e.Canonical.Span).Body).ToList();
        Assert.Equal(before, entries.Where(entry => entry.Kind == EntryKind.Outcome).SelectMany(entry => entry.Budgets).Sum(posting => posting.NanoUsd));
        Assert.All(entries.Where(entry => entry.Outcome == OutcomeKind.Unknown), entry => Assert.Equal(100, Assert.Single(entry.Budgets).NanoUsd));
    }

    [Fact]
    public async Task A_ledger_over_the_store_goes_on_where_the_former_process_stopped()
    {
        var (store, append) = await CreateAsync();
        await append([Entry(EntryKind.Intent, "1", Posting(600_000_000)), Entry(EntryKind.Outcome, "1", Posting(500_000_000)), Entry(EntryKind.Intent, "2", Posting(400_000_000))]);
        var options = new BudgetOptions { Rules = { new BudgetRule { Name = "r", LimitUsd = 1m } } };
        var rules = new RuleSet(options);
        var ledger = new BudgetLedger(
            rules, options, store, new FakeTimeProvider(Now), new BudgetMetrics(), [], NullLogger<BudgetLedger>.Instance);
        var agent = new Principal { Id = "a", Tenant = "t" };

        Assert.Equal(0.9m, Assert.Single(ledger.StatesOf(agent)).SpentUsd);
        Assert.Null(ledger.Reserve(rules.Covering(agent, "m"), agent, new ReservationRequest(100_000_001, 0, 0, 0)).Granted);
        Assert.NotNull(ledger.Reserve(rules.Covering(agent, "m"), agent, new ReservationRequest(100_000_000, 0, 0, 0)).Granted);
    }

    private protected override async Task<(IBudgetStore Store, Func<LogEntryBody[], Task> Append)> CreateAsync()
    {
        _database = await TemporaryDatabase.CreateAsync();
        _bench = await new SqliteRecorderBench(_database).FilledAsync(0);
        return (new SqliteBudgetStore(_database.Database), entries => Task.WhenAll(entries.Select(entry => _bench.Recorder.AppendAsync(new DecisionRecord(entry), default).AsTask())));
    }
}
