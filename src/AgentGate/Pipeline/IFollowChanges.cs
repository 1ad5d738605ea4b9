namespace AgentGate.Pipeline;

/// <summary>Something held in memory that other processes change in the store. Thread-safe.</summary>
internal interface IFollowChanges
{
    /// <summary>What the store calls its changes, one of <see cref="ChangeTopics"/>.</summary>
    string Topic { get; }

    /// <summary>
    /// Reads the store and puts what it says in force, in place of everything that was: also what is no longer there. Throws when the store
    /// fails, and then what was in force stays.
    /// </summary>
    Task ReloadAsync(CancellationToken cancellationToken);
}
