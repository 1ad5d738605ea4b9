using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>One append to locked logs. Disposed without <see cref="CommitAsync"/> it leaves nothing behind and unlocks them. Not thread-safe.</summary>
internal interface ISharedAppend : IAsyncDisposable
{
    /// <summary>The locked logs, as they stand now.</summary>
    IReadOnlyList<LogGrowth> Logs { get; }

    /// <summary>
    /// Names the connection to the store. While it stays the same, what the store had at its beginning it still has, whether on the disk or not.
    /// </summary>
    long Session { get; }

    /// <summary>Which of these entries are not stored as they were.</summary>
    /// <returns>Their places in the list.</returns>
    ValueTask<IReadOnlyList<int>> FindMissingAsync(IReadOnlyList<LogMark> entries, CancellationToken cancellationToken);

    /// <summary>Whether a call of a locked log has an intent that no outcome has followed.</summary>
    bool IsOpen(string tenant, string callId);

    /// <summary>Learns of further records to the locked logs what <see cref="ISharedAuditLog.BeginAsync"/> learned of the first ones.</summary>
    ValueTask ExtendAsync(IReadOnlyList<DecisionRecord> records, CancellationToken cancellationToken);

    /// <summary>Stores the batch behind what <see cref="Logs"/> says and unlocks the logs: all of it, as durable as configured, or nothing. Of an empty batch that
    /// goes to the disk, everything before it is there afterwards.</summary>
    ValueTask CommitAsync(AuditBatch batch, CancellationToken cancellationToken);
}
