using AgentGate.Pipeline;

namespace AgentGate.Identity;

/// <summary>Where acts came from, beside their log entries: each under a key of its user, so that destroying that key erases them. Thread-safe. Throws when the store fails.</summary>
internal interface IActOrigins
{
    /// <summary>Keeps where an act came from.</summary>
    /// <param name="entryId">The id of its log entry.</param>
    /// <param name="tenant">The tenant of the entry.</param>
    /// <param name="userId">Whose act, or empty where nobody is known.</param>
    /// <param name="origin">From where.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task AddAsync(string entryId, string tenant, string userId, ActOrigin origin, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Where acts came from, by entry id; those nobody kept or somebody erased are left out.</summary>
    Task<IReadOnlyDictionary<string, ActOrigin>> FindAsync(string tenant, IReadOnlyCollection<string> entryIds, CancellationToken cancellationToken);

    /// <summary>The addresses a user's acts came from since a time, each once, the latest first.</summary>
    Task<IReadOnlyList<string>> AddressesAsync(string tenant, string userId, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Destroys a user's key.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> EraseAsync(string tenant, string userId, CancellationToken cancellationToken);
}
