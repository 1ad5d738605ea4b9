using System.Threading.Channels;
using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <content>
/// The one loop that stores. What a store refuses of one tenant is refused to that tenant alone: the batch is split by tenants and each
/// part stored by itself, and until it succeeds again that tenant stays out of everybody else's transactions.
/// </content>
internal sealed partial class DecisionRecorder
{
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private bool _stale = true;
    private volatile int _refusedCount;

    /// <inheritdoc />
    public string? Remark => _doubt is { LostCount: > 0 }
        ? $"{Codes.CallsLost}: the database lost entries it had taken, and that is not on record yet."
        : _refusedCount > 0
        ? $"{Codes.LogRefused}: what one or more tenants want to put on record is refused; their calls are denied."
        : null;

    private void Start()
    {
        if (_loop is null)
        {
            lock (_starting)
            {
                // A thread of its own: the store blocks it for each sync of the disk, which a pool thread should not be.
                _loop ??= Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
        }
    }

    private void Run()
    {
        var batch = new List<PendingEntry>(_options.MaxBatch);
        var reader = _queue.Reader;
        while (WaitToRead(reader))
        {
            batch.Clear();
            var isAsked = false;
            while (batch.Count < _options.MaxBatch && reader.TryRead(out var next))
            {
                if (next.IsQuestion)
                {
                    isAsked = true;
                }
                else
                {
                    batch.Add(next);
                }
            }

            Sleep(TurnAsync(batch, isAsked));
        }

        if (_doubt is { IsEmpty: false })
        {
            // Whoever comes next does not know what is in doubt.
            Sleep(TurnAsync([], isAsked: true));
        }
    }

    /// <summary>One turn of the loop: what is queued, then what is to be told of the store itself.</summary>
    private async Task TurnAsync(List<PendingEntry> batch, bool isAsked)
    {
        RefuseEffects(batch);
        if (batch.Count > 0)
        {
            await StoreAllAsync(batch);
        }

        if (isAsked)
        {
            await SettleAsync();
        }

        while (await TellLostAsync())
        {
            // There were more than one batch takes.
        }
    }

    private static bool WaitToRead(ChannelReader<PendingEntry> reader)
    {
        var waiting = reader.WaitToReadAsync();
        if (waiting.IsCompleted)
        {
            return waiting.Result;
        }

        var task = waiting.AsTask();
        Sleep(task);
        return task.GetAwaiter().GetResult();
    }

    /// <summary>The handle sleeps at once. Waiting for the task itself would spin first, after every entry, and take the processor from callers.</summary>
    private static void Sleep(Task task)
    {
        if (!task.IsCompleted)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
        }

        task.GetAwaiter().GetResult();
    }

    private void TakeMore(List<PendingEntry> batch, HashSet<string> tenants)
    {
        while (batch.Count < _options.MaxBatch && _queue.Reader.TryPeek(out var next) && tenants.Contains(next.Entry.Tenant) && _queue.Reader.TryRead(out next))
        {
            batch.Add(next);
        }
    }

    /// <summary>Stores a batch; tenants that were refused before come last, each by itself.</summary>
    private async Task StoreAllAsync(List<PendingEntry> batch)
    {
        if (_refused.Count == 0)
        {
            await StoreAsync(batch);
            return;
        }

        var apart = batch.Where(item => _refused.Contains(item.Entry.Tenant)).ToList();
        batch.RemoveAll(item => _refused.Contains(item.Entry.Tenant));
        await StorePartsAsync(batch.Count == 0 ? Parts(apart) : [batch, .. Parts(apart)]);
    }

    /// <summary>The entries of each tenant, in their order.</summary>
    private static List<List<PendingEntry>> Parts(List<PendingEntry> batch)
        => [.. batch.GroupBy(item => item.Entry.Tenant, StringComparer.Ordinal).Select(part => part.ToList())];

    /// <summary>Stores one part after the other. A store that is away is not asked once for each of them.</summary>
    private async Task StorePartsAsync(List<List<PendingEntry>> parts)
    {
        Exception? away = null;
        foreach (var part in parts)
        {
            if (away is null)
            {
                away = await StoreAsync(part);
            }
            else
            {
                Fail(part, away);
            }
        }
    }

    /// <summary>Stores a batch.</summary>
    /// <returns>What is wrong with the store, where the store failed and did not refuse.</returns>
    private async Task<Exception?> StoreAsync(List<PendingEntry> batch)
    {
        try
        {
            // After a failure nobody knows whether the store took the batch: it is asked before anything is chained again.
            if (_stale)
            {
                await _writer.LoadHeadsAsync(CancellationToken.None);
                _stale = false;
            }

            await _writer.WriteAsync(batch, CancellationToken.None, TakeMore);
        }
        catch (Exception exception)
        {
            return await FailOrSplitAsync(batch, exception);
        }

        Stored(batch);
        return null;
    }

    private async Task<Exception?> FailOrSplitAsync(List<PendingEntry> batch, Exception exception)
    {
        // INVARIANT: only what is not stored for certain is tried again; an entry is never on record twice.
        if (!_writer.IsRefusal(exception) || !await TryRevertAsync())
        {
            Fail(batch, exception);
            return exception;
        }

        var parts = Parts(batch);
        if (parts.Count > 1)
        {
            await StorePartsAsync(parts);
        }
        else
        {
            Refuse(batch, exception);
        }

        return null;
    }

    private async Task<bool> TryRevertAsync()
    {
        try
        {
            await _writer.RevertAsync(CancellationToken.None);
            return true;
        }
        catch (Exception exception)
        {
            Log.NotReverted(_logger, exception);
            return false;
        }
    }

    private void Stored(List<PendingEntry> batch)
    {
        if (_refused.Count > 0)
        {
            _refused.ExceptWith(batch.Select(item => item.Entry.Tenant));
            _refusedCount = _refused.Count;
        }

        if (!_writable)
        {
            _writable = true;
            Log.WritableAgain(_logger);
        }

        _metrics.Stored(batch.Count);
        foreach (var pending in batch)
        {
            pending.TrySetResult(pending.Seal);
        }
    }

    /// <summary>One tenant's log is not as it must be; whoever else there is goes on.</summary>
    private void Refuse(List<PendingEntry> batch, Exception exception)
    {
        _refused.Add(batch[0].Entry.Tenant);
        _refusedCount = _refused.Count;
        _writable = _writer.Tenants.Any(tenant => !_refused.Contains(tenant));

        // Where a log may go back as it was declared, what is stored now is taken over before the next try.
        _stale |= _options.Durability == AuditDurability.Write && exception is AuditUnavailableException { Code: Codes.LogWentBack or Codes.LogNotTheSame };
        _metrics.Failed(Codes.LogRefused, batch.Count);
        Log.Refused(_logger, exception, batch.Count, batch[0].Entry.Tenant);
        Tell(batch, exception);
    }

    private void Fail(List<PendingEntry> batch, Exception exception)
    {
        (_stale, _writable) = (true, false);
        _metrics.Failed(Codes.LogWriteFailed, batch.Count);
        Log.WriteFailed(_logger, exception, batch.Count);
        Tell(batch, exception);
    }

    private static void Tell(List<PendingEntry> batch, Exception exception)
    {
        foreach (var pending in batch)
        {
            pending.TrySetException(new AuditUnavailableException(Codes.LogWriteFailed, "the log entry could not be stored.", exception));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "AG4001: a batch of {Count} log entries was not stored; their calls are refused.")]
        public static partial void WriteFailed(ILogger logger, Exception exception, int count);

        [LoggerMessage(4009, LogLevel.Information, "The log can be written again.")]
        public static partial void WritableAgain(ILogger logger);

        [LoggerMessage(4057, LogLevel.Critical, "AG4057: {Count} entries of tenant {Tenant} are refused, and so are its calls; the other tenants go on. Verify its log.")]
        public static partial void Refused(ILogger logger, Exception exception, int count, string tenant);

        [LoggerMessage(4060, LogLevel.Error, "After a refusal the trees could not be read back; every log is read again.")]
        public static partial void NotReverted(ILogger logger, Exception exception);
    }
}
