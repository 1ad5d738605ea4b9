using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>Alerts and their deliveries, over all servers. Thread-safe. Throws when the store fails.</summary>
internal interface IAlertStore
{
    /// <summary>Decides by <see cref="AlertRules"/> what becomes of an alert, and does it, in one turn over all servers.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="summaryId">The id of the summary, should a cooldown begin with it.</param>
    /// <param name="channels">The channels of a severity.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<AlertChoice> AddAsync(StoredAlert alert, string summaryId, Func<AlertSeverity, IReadOnlyList<string>> channels, AlertOptions options, CancellationToken cancellationToken);

    /// <summary>Takes deliveries that are due, so that no other server takes them until the lease ends.</summary>
    Task<IReadOnlyList<AlertDelivery>> ClaimAsync(DateTimeOffset now, TimeSpan lease, int most, CancellationToken cancellationToken);

    /// <summary>Puts down that a delivery that was taken has arrived.</summary>
    /// <returns>Whether it was still this server's.</returns>
    Task<bool> CompleteAsync(AlertDelivery delivery, CancellationToken cancellationToken);

    /// <summary>Puts down that a delivery that was taken failed.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="failure">Why, a word.</param>
    /// <param name="again">When it is tried again; <see langword="null"/> gives it up.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it was still this server's.</returns>
    Task<bool> FailAsync(AlertDelivery delivery, string failure, DateTimeOffset? again, CancellationToken cancellationToken);

    /// <summary>The latest alerts, the latest first. Those that cannot be decrypted are left out.</summary>
    Task<IReadOnlyList<StoredAlert>> ListAsync(int most, CancellationToken cancellationToken);

    /// <summary>Deletes alerts raised before a time.</summary>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
