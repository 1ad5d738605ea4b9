namespace AgentGate.Identity;

/// <summary>Things that are good once, for a while: invitations, challenges, device codes, tickets. Thread-safe. Throws when the store fails.</summary>
/// <remarks>Only digests of their secrets are kept; their content is kept encrypted.</remarks>
internal interface IOneTimeRecords
{
    /// <summary>Keeps one. A secret that exists already is refused.</summary>
    /// <returns>Whether it is kept.</returns>
    Task<bool> AddAsync(OneTimeRecord record, CancellationToken cancellationToken);

    /// <summary>The record of a secret, if it has not expired. Looking at it does not use it.</summary>
    Task<OneTimeRecord?> FindAsync(string kind, string secret, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes the record of a secret: of all that ask, one gets it.</summary>
    Task<OneTimeRecord?> TakeAsync(string kind, string secret, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Stores a changed content, if nobody changed it since it was read.</summary>
    /// <returns>Whether it is stored.</returns>
    Task<bool> UpdateAsync(OneTimeRecord record, CancellationToken cancellationToken);

    /// <summary>The records of a kind in a tenant that have not expired, newest first.</summary>
    Task<IReadOnlyList<OneTimeRecord>> ListAsync(string tenant, string kind, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Deletes what has expired.</summary>
    Task PurgeAsync(DateTimeOffset now, CancellationToken cancellationToken);
}
