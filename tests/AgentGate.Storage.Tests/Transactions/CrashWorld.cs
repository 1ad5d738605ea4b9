using AgentGate.Tests.Transactions;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Storage.Tests.Transactions;

/// <summary>What outlives processes: the store, the clock, and the world in which steps happen and are undone.</summary>
internal sealed class CrashWorld(ITransactionStore store, bool isIdempotent)
{
    private readonly List<(int Step, string Key)> _undone = [];

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The steps that happened, in order.</summary>
    public List<int> Happened { get; } = [];

    /// <summary>The steps whose compensation ran, each time it did.</summary>
    public IReadOnlyList<(int Step, string Key)> Undone => _undone;

    /// <summary>The reports anybody ever got: the first process's exception, and those of resumed rollbacks.</summary>
    public List<TransactionReport> Reports { get; } = [];

    /// <summary>Runs a program in a process that dies at a write.</summary>
    /// <returns>Whether it died.</returns>
    public async Task<bool> RunAsync(Func<TransactionFixture, AIFunction, Task> program, int dieAt, bool after)
    {
        var dying = new DyingStore(store, dieAt, after);
        using var process = new TransactionFixture(dying, Time);
        try
        {
            await program(process, Tool(process, () => dying.IsDead));
        }
        catch (TransactionFailedException failed) when (!dying.IsDead)
        {
            Reports.Add(failed.Report);
        }
        catch (TransactionFailedException)
        {
            // Nobody heard of it.
        }

        return dying.IsDead;
    }

    /// <summary>Another process starts, after the lease of the first has ended.</summary>
    public async Task<int> ResumeAsync(int dieAt = int.MaxValue, bool after = false)
    {
        var dying = new DyingStore(store, dieAt, after);
        using var process = new TransactionFixture(dying, Time);
        Tool(process, () => dying.IsDead);
        Time.Advance(process.Options.Lease + TimeSpan.FromSeconds(1));
        var reports = new List<TransactionReport>();
        try
        {
            reports.AddRange(await process.Gate.ResumeTransactionsAsync());
        }
        catch (IOException) when (dying.IsDead)
        {
            // It died too.
        }

        if (!dying.IsDead)
        {
            Reports.AddRange(reports);
        }

        return reports.Count;
    }

    /// <summary>The law: what happened is undone exactly once or reported, what did not happen is not undone, and all from the last to the first.</summary>
    public void Check(string where)
    {
        var reported = Reports.SelectMany(report => report.Steps).Where(line => !line.IsUndone).Select(line => line.CallId).Distinct(StringComparer.Ordinal).Count();
        var left = 0;
        foreach (var step in Happened)
        {
            var runs = _undone.Where(one => one.Step == step).ToList();
            Assert.True(isIdempotent ? runs.Select(run => run.Key).Distinct().Count() <= 1 : runs.Count <= 1, $"{where}: step {step} was undone {runs.Count} times.");
            left += runs.Count == 0 ? 1 : 0;
        }

        Assert.True(left <= reported, $"{where}: {left} steps happened and were not undone, and {reported} are reported.");

        // An idempotent compensation may run for a step that did not happen: it does nothing then.
        Assert.True(isIdempotent || _undone.TrueForAll(one => Happened.Contains(one.Step)), $"{where}: undone what never happened.");
        var order = _undone.Select(one => one.Step).Distinct().ToList();
        Assert.True(order.SequenceEqual(order.OrderDescending()), $"{where}: undone in the order {string.Join(' ', order)}.");
    }

    private AIFunction Tool(TransactionFixture process, Func<bool> isDead)
        => process.Tool(
            "book",
            what =>
            {
                Assert.False(isDead(), "A dead process did something.");
                Happened.Add(int.Parse(what, System.Globalization.CultureInfo.InvariantCulture));
                return what;
            },
            new Compensation("cancel", (step, _) =>
            {
                Assert.False(isDead(), "A dead process undid something.");
                _undone.Add((int.Parse(step.ReadInput<string>("what")!, System.Globalization.CultureInfo.InvariantCulture), step.IdempotencyKey));
                return ValueTask.CompletedTask;
            })
            { IsIdempotent = isIdempotent });
}
