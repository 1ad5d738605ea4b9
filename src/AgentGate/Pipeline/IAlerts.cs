namespace AgentGate.Pipeline;

/// <summary>Where something is told that a person should look at. Thread-safe.</summary>
internal interface IAlerts
{
    /// <summary>
    /// Puts an alert into the queue of the store; it is sent in the background. Never throws because of itself: what cannot be queued is
    /// logged and counted.
    /// </summary>
    /// <param name="alert">The alert.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask RaiseAsync(Alert alert, CancellationToken cancellationToken);
}
