namespace AgentGate.Identity;

/// <summary>Where users are kept. Thread-safe. Throws when the store fails.</summary>
internal interface IUserDirectory
{
    /// <summary>Adds a user.</summary>
    /// <param name="user">The user; its version does not count.</param>
    /// <param name="onlyIfFirst">Whether to add it only where there is no user in any tenant but those of the development environment.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it was added: the address was free, and it was the first where it had to be.</returns>
    Task<bool> AddAsync(User user, bool onlyIfFirst, CancellationToken cancellationToken);

    /// <summary>The user of an id, of whatever tenant: who signs in has no tenant yet.</summary>
    Task<User?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>The user of an e-mail address, of whatever tenant. Case, white space around it and the form of accents do not count.</summary>
    Task<User?> FindByEmailAsync(string email, CancellationToken cancellationToken);

    /// <summary>A tenant's users, in the order they were made, the inactive ones too.</summary>
    Task<IReadOnlyList<User>> ListAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Stores a changed user, if nobody changed it since it was read. The tenant keeps an active admin.</summary>
    Task<UserChange> UpdateAsync(User user, CancellationToken cancellationToken);

    /// <summary>How many users there are in all tenants, without those of the development environment.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);
}
