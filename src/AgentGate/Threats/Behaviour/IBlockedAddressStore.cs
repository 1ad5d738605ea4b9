namespace AgentGate.Threats.Behaviour;

/// <summary>The origins that are refused, over all servers. Thread-safe. Throws when the store fails.</summary>
internal interface IBlockedAddressStore
{
    /// <summary>Blocks an origin. One that is blocked already stays so at least as long as before.</summary>
    /// <param name="blocked">The origin.</param>
    /// <param name="most">How many may be blocked at once: those that end soonest make room.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What is in force, with its id, and how many had to make room.</returns>
    Task<(BlockedAddress Blocked, int MadeRoom)> AddAsync(BlockedAddress blocked, int most, CancellationToken cancellationToken);

    /// <summary>The origins blocked at a time, the latest first. Those that cannot be decrypted are left out and counted.</summary>
    Task<(IReadOnlyList<BlockedAddress> Blocked, int Unreadable)> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends a block.</summary>
    /// <returns>Whether there was one of the id.</returns>
    Task<bool> RemoveAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes what has ended.</summary>
    Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
