using System.Collections.Concurrent;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentGate.Transactions;

/// <summary>What the transactions of this process share: its name as an owner, the leases it keeps alive, and where reports go. Thread-safe.</summary>
internal sealed partial class TransactionDesk(
    TransactionJournal journal,
    CompensationRegistry registry,
    TransactionActs acts,
    StepUndo undo,
    IOptions<TransactionsOptions> options,
    IIdSource ids,
    TimeProvider time,
    TransactionMetrics metrics,
    ILogger<TransactionDesk> logger,
    IAlerts? alerts = null) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _held = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private bool _isDisposed;

    public TransactionJournal Journal => journal;

    public CompensationRegistry Registry => registry;

    public TransactionActs Acts => acts;

    public StepUndo Undo => undo;

    public TransactionsOptions Options => options.Value;

    public IIdSource Ids => ids;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>This process, as the owner of leases.</summary>
    public string Owner { get; } = ids.NewId();

    /// <summary>Keeps a lease alive until it is released, or counts as forgotten.</summary>
    public void Hold(string rootId, DateTimeOffset endsAt)
    {
        _held[rootId] = endsAt;
        lock (_lock)
        {
            if (_timer is null && !_isDisposed)
            {
                var period = Options.Lease / 3;
                _timer = time.CreateTimer(_ => _ = RenewAsync(), null, period, period);
            }
        }
    }

    public void Release(string rootId) => _held.TryRemove(rootId, out _);

    /// <summary>Says that this process still works on what it has.</summary>
    public async Task RenewAsync()
    {
        var now = time.GetUtcNow();
        foreach (var (id, endsAt) in _held)
        {
            if (endsAt <= now)
            {
                Release(id);
            }
        }

        if (_held.Keys.ToList() is { Count: > 0 } mine)
        {
            await journal.RenewAsync(Owner, mine, now + Options.Lease);
        }
    }

    /// <summary>Tells how a transaction ended.</summary>
    public async Task ToldAsync(StoredTransaction transaction, TransactionReport report)
    {
        metrics.Ended(transaction.Tenant, report.IsComplete ? TransactionState.RolledBack : TransactionState.NotUndone, report.WasResumed);
        foreach (var step in report.Steps)
        {
            metrics.Step(transaction.Tenant, step.Ending);
        }

        if (report.IsComplete)
        {
            Log.RolledBack(logger, Codes.TransactionRolledBack, report.TransactionId, report.Steps.Length, report.WasResumed);
        }
        else
        {
            var left = report.Steps.Count(step => !step.IsUndone);
            Log.NotUndone(logger, Codes.StepsNotUndone, report.TransactionId, left, report.Steps.Length, report.WasResumed);
            await (alerts?.RaiseAsync(AlertOf(report, left), CancellationToken.None) ?? ValueTask.CompletedTask);
        }

        try
        {
            Options.RolledBack?.Invoke(report);
        }
        catch (Exception failure)
        {
            Log.ListenerFailed(logger, report.TransactionId, failure);
        }
    }

    public void Committed(StoredTransaction transaction, TransactionState state) => metrics.Ended(transaction.Tenant, state, resumed: false);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }
    }

    private static Alert AlertOf(TransactionReport report, int left) => new()
    {
        Severity = AlertSeverity.High,
        Category = "transaction-not-undone",
        Source = "transactions",
        Title = "A transaction was rolled back, and some of its steps were not undone",
        Description = "Look the transaction up, see why, and undo what is left by hand.",
        Details = [new AlertDetail("transaction", report.TransactionId), new AlertDetail("steps left", left.ToString(System.Globalization.CultureInfo.InvariantCulture))],
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 2401, Level = LogLevel.Information, Message = "{Code}: transaction {TransactionId} was rolled back; nothing is left of its {Steps} steps (resumed: {Resumed}).")]
        public static partial void RolledBack(ILogger logger, string code, string transactionId, int steps, bool resumed);

        [LoggerMessage(EventId = 2406, Level = LogLevel.Error, Message = "{Code}: transaction {TransactionId} was rolled back, and {Left} of its {Steps} steps were not undone (resumed: {Resumed}).")]
        public static partial void NotUndone(ILogger logger, string code, string transactionId, int left, int steps, bool resumed);

        [LoggerMessage(EventId = 2412, Level = LogLevel.Error, Message = "Who listens to reports of transactions failed for {TransactionId}.")]
        public static partial void ListenerFailed(ILogger logger, string transactionId, Exception failure);
    }
}
