namespace AgentGate.Identity;

/// <summary>Where identities of providers are tied to users. Thread-safe. Throws when the store fails.</summary>
internal interface IIdentityLinks
{
    /// <summary>Ties an identity to a user, once, and one identity of an issuer to each user.</summary>
    /// <returns>Whether it is tied; else it is tied to somebody already, or the user to another identity of the issuer.</returns>
    Task<bool> AddAsync(IdentityLink link, CancellationToken cancellationToken);

    /// <summary>The link of an identity, of whatever tenant.</summary>
    Task<IdentityLink?> FindAsync(string issuer, string subject, CancellationToken cancellationToken);

    /// <summary>Whether a user is tied to any identity of an issuer.</summary>
    Task<bool> HasAsync(string tenant, string userId, string issuer, CancellationToken cancellationToken);

    /// <summary>Notes that an identity signed in.</summary>
    Task SeenAsync(IdentityLink link, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Unties all identities of a user.</summary>
    /// <returns>How many it were.</returns>
    Task<int> RemoveAsync(string tenant, string userId, CancellationToken cancellationToken);
}
