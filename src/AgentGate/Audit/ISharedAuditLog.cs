using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>
/// A log that several processes append to. Whoever appends locks the logs of its batch first, learns what the others appended, and
/// stores its own behind it; the lock ends with the process. Thread-safe, but one append at a time. Throws when the store fails.
/// </summary>
internal interface ISharedAuditLog : IAuditLog
{
    /// <summary>Locks logs. Waits for whoever holds one of them, for a bounded time.</summary>
    /// <param name="logs">Each log that will be appended to, and what of it this process knows.</param>
    /// <param name="records">What will be appended.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AuditUnavailableException">This process was taken for ended, or holds other keys than the running ones.</exception>
    ValueTask<ISharedAppend> BeginAsync(IReadOnlyList<LogPosition> logs, IReadOnlyList<DecisionRecord> records, CancellationToken cancellationToken);

    /// <summary>Where the logs stand, all of them or that of one tenant.</summary>
    ValueTask<IReadOnlyDictionary<string, ChainHead>> ReadHeadsAsync(string? tenant, CancellationToken cancellationToken);

    /// <summary>Says that this process is there, and declares those ended that did not say so for a whole lease.</summary>
    /// <returns>Whether the others had taken this one for ended, so that it begins anew.</returns>
    ValueTask<bool> RenewAsync(CancellationToken cancellationToken);

    /// <summary>The open intents of processes that ended, oldest first.</summary>
    ValueTask<IReadOnlyList<LogEntry>> ReadAbandonedIntentsAsync(CancellationToken cancellationToken);

    /// <summary>How many other processes append to these logs now.</summary>
    ValueTask<int> CountOthersAsync(CancellationToken cancellationToken);
}
