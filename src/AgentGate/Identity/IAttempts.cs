namespace AgentGate.Identity;

/// <summary>Counts what is tried, over all servers: failed sign-ins of an account, of an address. Thread-safe. Throws when the store fails.</summary>
internal interface IAttempts
{
    /// <summary>Counts one more. The first of a window begins it.</summary>
    /// <param name="kind">What is counted, a constant.</param>
    /// <param name="subject">Of what; kept as a keyed digest.</param>
    /// <param name="window">How long a window is.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many it were in the window, with this one.</returns>
    Task<long> AddAsync(string kind, string subject, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Counts one more where the window has fewer than a bound: what is refused is not counted, and of any number at once no more than the bound are.</summary>
    /// <param name="kind">What is counted, a constant.</param>
    /// <param name="subject">Of what; kept as a keyed digest.</param>
    /// <param name="most">The most a window may have; at least one.</param>
    /// <param name="window">How long a window is.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many they are with this one, or <see langword="null"/> where the window was full.</returns>
    Task<long?> AddBelowAsync(string kind, string subject, long most, TimeSpan window, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>How many it were in the window that is running, and when that ends.</summary>
    Task<(long Count, DateTimeOffset Until)> CountAsync(string kind, string subject, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets what was counted.</summary>
    Task ResetAsync(string kind, string subject, CancellationToken cancellationToken);

    /// <summary>Deletes windows that have ended.</summary>
    Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
