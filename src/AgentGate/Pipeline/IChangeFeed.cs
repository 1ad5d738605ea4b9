namespace AgentGate.Pipeline;

/// <summary>
/// What tells a process that another changed the store. Each topic has a version that only grows, and that grows in the transaction of the
/// change: a version that was read stands for every change up to it. Used by one caller at a time.
/// </summary>
internal interface IChangeFeed
{
    /// <summary>The versions now. A topic that is missing never changed. Throws when the store fails.</summary>
    Task<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Returns as soon as something may have changed, at the latest after a while. Throws when the store fails.</summary>
    Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken);
}
