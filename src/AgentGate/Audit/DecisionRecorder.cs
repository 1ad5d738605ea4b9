using System.Threading.Channels;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <summary>
/// The log's one writer. Callers queue entries and wait; a loop takes whatever has queued up, chains it and hands it to the
/// store as one transaction, so that many decisions share one durable write. Thread-safe.
/// </summary>
internal sealed partial class DecisionRecorder : IDecisionRecorder, IRecordHealth, IHealthRemark, IAsyncDisposable
{
    private readonly Channel<PendingEntry> _queue;
    private readonly LogWriter _writer;
    private readonly CallsInDoubt? _doubt;
    private readonly AuditOptions _options;
    private readonly TimeProvider _time;
    private readonly IIdSource _ids;
    private readonly IAuditLog _log;
    private readonly AuditMetrics _metrics;
    private readonly ILogger<DecisionRecorder> _logger;
    private readonly Lock _starting = new();
    private Task? _loop;
    private volatile bool _writable;

    public DecisionRecorder(
        IAuditLog log,
        ILogKeySource keys,
        AuditOptions options,
        TimeProvider time,
        IIdSource ids,
        AuditMetrics metrics,
        ILogger<DecisionRecorder> logger,
        LogTrees? trees = null,
        ISigningKeys? signing = null)
    {
        (_log, _options, _time, _ids, _metrics, _logger) = (log, options, time, ids, metrics, logger);
        _doubt = log is ISharedAuditLog && options.Durability == AuditDurability.Write ? new CallsInDoubt(ids, time) : null;
        _writer = new LogWriter(log, keys, trees, signing, options.DurabilityWord, logger, _doubt, metrics);
        _queue = Channel.CreateBounded<PendingEntry>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        metrics.ObserveWritable(() => IsWritable);
    }

    /// <summary>
    /// Whether entries can be put on record. False before <see cref="InitializeAsync"/>, from a failure of the store to the next success,
    /// and while the log of every tenant is refused.
    /// </summary>
    public bool IsWritable => _writable;

    /// <summary>Reads where the logs stand, starts the writer, and closes what a former process left open. Once, before the first call.</summary>
    /// <exception cref="AuditUnavailableException">A running server of the cluster holds other keys.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        if (_log is ISharedAuditLog shared)
        {
            await shared.RenewAsync(cancellationToken);
        }

        await _writer.LoadHeadsAsync(cancellationToken);
        _stale = false;
        _writable = true;
        Start();
        await CloseOpenIntentsAsync(cancellationToken);
    }

    /// <summary>Where a tenant's log stands as this process knows it, whatever the store says.</summary>
    public ChainHead? HeadOf(string tenant) => _writer.HeadOf(tenant);

    /// <summary>Every tenant that has a log, as this process knows it.</summary>
    public IReadOnlyCollection<string> Tenants => _writer.Tenants;

    /// <inheritdoc />
    public ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(record.Entry.Tenant);
        Start();
        var pending = new PendingEntry(record);
        return _queue.Writer.TryWrite(pending)
            ? Wait(pending, cancellationToken)
            : new ValueTask<CertificateSeal?>(QueueAsync(pending, cancellationToken));
    }

    /// <summary>
    /// Gives every intent without an outcome the outcome <c>unknown</c>: the process that would have written it is gone. Where the store may have
    /// lost something it is asked, too, so that a server without calls tells of it.
    /// </summary>
    /// <returns>How many there were.</returns>
    public async Task<int> CloseOpenIntentsAsync(CancellationToken cancellationToken)
    {
        if (_doubt is { IsEmpty: false })
        {
            _queue.Writer.TryWrite(PendingEntry.Question());
        }

        var open = _log is ISharedAuditLog shared
            ? await shared.ReadAbandonedIntentsAsync(cancellationToken)
            : await _log.ReadOpenIntentsAsync(cancellationToken);
        foreach (var chunk in open.Chunk(_options.QueueCapacity))
        {
            await Task.WhenAll(chunk.Select(intent => CloseAsync(intent.Body, cancellationToken)));
        }

        if (open.Count > 0)
        {
            Log.OpenIntentsClosed(_logger, open.Count);
        }

        return open.Count;
    }

    /// <summary>Stores what is queued and stops. Later appends are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        if (_loop is { } loop)
        {
            await loop;
        }

        _writable = false;
    }

    private async Task CloseAsync(LogEntryBody intent, CancellationToken cancellationToken)
    {
        try
        {
            await AppendAsync(new DecisionRecord(UnknownOutcome.Of(
                intent, _ids.NewId(), _time.GetUtcNow(), Codes.LogOpenIntentsClosed, "process ended before the outcome was written")), cancellationToken);
        }
        catch (AuditUnavailableException late) when (late.Code == Codes.OutcomeTooLate)
        {
            // Another process was faster.
        }
    }

    private static ValueTask<CertificateSeal?> Wait(PendingEntry pending, CancellationToken cancellationToken)
        => new(cancellationToken.CanBeCanceled ? pending.Task.WaitAsync(cancellationToken) : pending.Task);

    private async Task<CertificateSeal?> QueueAsync(PendingEntry pending, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.QueueDeadline, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            await _queue.Writer.WriteAsync(pending, either.Token);
        }
        catch (ChannelClosedException exception)
        {
            throw Unavailable(Codes.LogClosed, "the log is shutting down.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.QueueFull(_logger, _options.QueueCapacity);
            throw Unavailable(Codes.LogQueueFull, "the log's queue is full.", exception);
        }

        return await Wait(pending, cancellationToken);
    }

    private AuditUnavailableException Unavailable(string code, string message, Exception exception)
    {
        _metrics.Failed(code, 1);
        return new AuditUnavailableException(code, message, exception);
    }

    private static partial class Log
    {
        [LoggerMessage(4002, LogLevel.Error, "AG4002: the log's queue of {Capacity} entries stayed full; a call is refused.")]
        public static partial void QueueFull(ILogger logger, int capacity);

        [LoggerMessage(4005, LogLevel.Warning, "AG4005: {Count} calls had no outcome; they were closed as unknown.")]
        public static partial void OpenIntentsClosed(ILogger logger, int count);
    }
}
