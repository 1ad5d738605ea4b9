using AgentGate.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace AgentGate.Storage.Audit;

/// <summary>
/// For durability <c>write</c>: brings the write-ahead log from the operating system to the disk shortly after each commit.
/// SQLite's own locks live on the database and shared-memory files, so that a second handle on this file disturbs none.
/// </summary>
/// <param name="databasePath">The database; its write-ahead log lies beside it.</param>
/// <param name="interval">How long after a commit.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where failures are told.</param>
/// <param name="flush">How a file is brought to the disk; the system's own way by default.</param>
internal sealed partial class WalSync(
    string databasePath, TimeSpan interval, TimeProvider time, ILogger logger, Action<SafeFileHandle>? flush = null) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _syncing = new();
    private SafeFileHandle? _file;
    private int _scheduled;
    private bool _lost;
    private long _syncs;

    /// <summary>How often the disk was asked.</summary>
    public long Syncs => Interlocked.Read(ref _syncs);

    /// <summary>Says that something was written. Thread-safe and cheap; many calls become one sync.</summary>
    public void Request()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            _ = SyncSoonAsync();
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        Sync();
        _file?.Dispose();
        _stop.Dispose();
    }

    private async Task SyncSoonAsync()
    {
        try
        {
            await Task.Delay(interval, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        Volatile.Write(ref _scheduled, 0);
        Sync();
    }

    /// <summary>Brings what was written to the disk now. Thread-safe.</summary>
    /// <exception cref="IOException">It is not on the disk, or something before it is not.</exception>
    public void SyncNow()
    {
        lock (_syncing)
        {
            if (_lost)
            {
                // The operating system tells of a failed write once and may call the next sync a success: only a new start, which reads
                // what is really there, can vouch for the log again.
                throw new IOException($"{Codes.LogSyncFailed}: the log could not be brought to the disk before.");
            }

            try
            {
                _file ??= File.OpenHandle(
                    databasePath + "-wal", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
                (flush ?? RandomAccess.FlushToDisk)(_file);
            }
            catch (IOException) when (_file is not null)
            {
                _lost = true;
                throw;
            }
        }

        Interlocked.Increment(ref _syncs);
    }

    private void Sync()
    {
        try
        {
            SyncNow();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Log.Failed(logger, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4008, LogLevel.Error, Codes.LogSyncFailed + ": the log could not be brought to the disk in the background.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
