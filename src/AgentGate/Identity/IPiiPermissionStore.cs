namespace AgentGate.Identity;

/// <summary>Where permissions about personal data are kept. Thread-safe. Throws when the store fails.</summary>
internal interface IPiiPermissionStore
{
    /// <summary>Adds a permission in place of an expired one.</summary>
    /// <param name="permission">The permission.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it was added: the user had none of this name that is good.</returns>
    Task<bool> AddAsync(PiiPermission permission, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A user's permissions in a tenant, the oldest first, the expired ones too.</summary>
    Task<IReadOnlyList<PiiPermission>> ListAsync(string tenant, string userId, CancellationToken cancellationToken);

    /// <summary>A permission of a tenant.</summary>
    Task<PiiPermission?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Takes a permission of a tenant back.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken);
}
