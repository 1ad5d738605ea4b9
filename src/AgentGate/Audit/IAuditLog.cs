using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>Where the entries of all logs are kept. One writer appends; any number of readers read. Throws when the store fails.</summary>
internal interface IAuditLog
{
    /// <summary>Stores a batch: all of it, as durable as configured, or nothing.</summary>
    ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken);

    /// <summary>
    /// Whether a failure to append says that the store refuses this batch for what is in it: nothing of it is stored for certain, and
    /// another batch may be taken. A store that is away, or that does not say what became of a commit, refuses nothing.
    /// </summary>
    bool IsRefusal(Exception failure) => false;

    /// <summary>Brings everything that was appended to the disk, where appending alone does not.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Where each log stands.</summary>
    ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken);

    /// <summary>The entries a query names, newest first.</summary>
    ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>A tenant's entries, oldest first, from a number and a time on: for verifying and exporting.</summary>
    IAsyncEnumerable<StoredEntry> ReadChainAsync(string tenant, long fromSeq, DateTimeOffset? since, CancellationToken cancellationToken);

    /// <summary>The intents that no outcome has followed, oldest first.</summary>
    ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken);
}
