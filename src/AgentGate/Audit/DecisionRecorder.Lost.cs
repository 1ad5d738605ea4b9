using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Audit;

/// <content>
/// With durability <c>write</c> a database that breaks down may lose what it took in its last moment. The effects of those calls ran: an entry
/// says so as soon as the database is there again. While too many of them wait, no further effect begins.
/// </content>
internal sealed partial class DecisionRecorder
{
    /// <summary>How long to wait after the entries that tell of lost calls were not taken.</summary>
    private static readonly TimeSpan s_tellAgain = TimeSpan.FromSeconds(1);

    private long? _notTold;

    private void RefuseEffects(List<PendingEntry> batch)
    {
        if (_doubt is not { LostCount: >= CallsInDoubt.LostMax })
        {
            return;
        }

        var refused = batch.RemoveAll(item =>
        {
            if (item.Entry.Kind != EntryKind.Intent)
            {
                return false;
            }

            item.TrySetException(new AuditUnavailableException(
                Codes.CallsLost, "the database lost more calls than could be put on record again; no effect begins before they are."));
            return true;
        });
        if (refused > 0)
        {
            _metrics.Failed(Codes.CallsLost, refused);
            Log.EffectsRefused(_logger, refused, CallsInDoubt.LostMax);
        }
    }

    private async Task SettleAsync()
    {
        try
        {
            if (_stale)
            {
                await _writer.LoadHeadsAsync(CancellationToken.None);
                _stale = false;
            }

            await _writer.SettleAsync(CancellationToken.None);
        }
        catch (Exception exception)
        {
            (_stale, _writable) = (true, false);
            Log.NotSettled(_logger, exception);
        }
    }

    /// <summary>Puts on record what was lost.</summary>
    /// <returns>Whether there is more.</returns>
    private async Task<bool> TellLostAsync()
    {
        if (_doubt is not { LostCount: > 0 } || (_notTold is { } last && _time.GetElapsedTime(last) < s_tellAgain))
        {
            return false;
        }

        var entries = _doubt.Lost.Take(_options.MaxBatch).Select(static lost => new PendingEntry(new DecisionRecord(lost.Report)) { Lost = lost }).ToArray();
        await StoreAllAsync([.. entries]);

        // A call that is no longer open was closed as unknown by another server: it has its entry.
        var told = entries.Where(static entry => entry.Task.IsCompletedSuccessfully
            || entry.Task.Exception?.InnerException is AuditUnavailableException { Code: Codes.OutcomeTooLate }).ToList();
        _doubt.Told(told.Select(static entry => entry.Lost!));
        _notTold = told.Count == entries.Length ? null : _time.GetTimestamp();
        if (told.Count > 0)
        {
            Log.Told(_logger, told.Count);
        }

        return _notTold is null && _doubt.LostCount > 0;
    }

    private static partial class Log
    {
        [LoggerMessage(4061, LogLevel.Warning, "AG4058: {Count} calls whose entries the database lost are on record again.")]
        public static partial void Told(ILogger logger, int count);

        [LoggerMessage(4062, LogLevel.Critical, "AG4058: {Count} intents are refused, because {Max} calls that the database lost could not be put on record yet.")]
        public static partial void EffectsRefused(ILogger logger, int count, int max);

        [LoggerMessage(4063, LogLevel.Warning, "The store did not say whether what it took is still there; it is asked again.")]
        public static partial void NotSettled(ILogger logger, Exception exception);
    }
}
