namespace AgentGate.Identity;

/// <summary>Where sign-in sessions are kept. Thread-safe. Throws when the store fails.</summary>
internal interface ISignInSessionStore
{
    /// <summary>Adds a session.</summary>
    Task AddAsync(SignInSession session, CancellationToken cancellationToken);

    /// <summary>The session of an id, of whatever tenant, also one that ended.</summary>
    Task<SignInSession?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The session whose cookie secret or refresh token has a digest, of whatever tenant, also one that ended.</summary>
    Task<SignInSession?> FindBySecretAsync(string digest, CancellationToken cancellationToken);

    /// <summary>A user's sessions that have not ended, the most recently active first.</summary>
    Task<IReadOnlyList<SignInSession>> ListAsync(string tenant, string userId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Exchanges a refresh token for the next, once: of two that show the same one, one gets it. A token that was exchanged before ends its
    /// session (RFC 9700 §4.14.2).
    /// </summary>
    /// <returns>What it came to, and the session as it is now.</returns>
    Task<(RefreshResult Result, SignInSession? Session)> RotateAsync(
        string digest, string nextDigest, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that the user proved itself anew: another assurance, further methods, for a cookie another secret. The refresh token of a session
    /// of tokens stays as it is then: it may be exchanged at this moment.
    /// </summary>
    /// <param name="session">The session as it is now.</param>
    /// <param name="formerDigest">The digest that a cookie has so far; where it has another by now, nothing is stored.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether the session had not ended, and its cookie was not replaced by somebody else.</returns>
    Task<bool> StepUpAsync(SignInSession session, string formerDigest, CancellationToken cancellationToken);

    /// <summary>Notes when sessions were last active.</summary>
    Task StoreActivityAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> activity, CancellationToken cancellationToken);

    /// <summary>Ends one session of a user.</summary>
    /// <returns>Whether there was one that had not ended.</returns>
    Task<bool> EndAsync(string tenant, string userId, string id, string why, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends a user's sessions.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="userId">The user.</param>
    /// <param name="except">The session that goes on, or <see langword="null"/>.</param>
    /// <param name="why">One of <see cref="SignInEndings"/>.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>How many ended.</returns>
    Task<int> EndAllAsync(string tenant, string userId, string? except, string why, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes sessions and used refresh tokens that ended before a time.</summary>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
