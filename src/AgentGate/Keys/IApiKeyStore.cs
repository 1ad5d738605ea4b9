namespace AgentGate.Keys;

/// <summary>Where keys are kept. Thread-safe. Throws when the store fails.</summary>
internal interface IApiKeyStore
{
    /// <summary>Adds a key. Throws where the id exists.</summary>
    Task AddAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>Adds a key of an owner, unless its principal is somebody else's: a key of another owner, or of none, authenticates it.</summary>
    /// <returns>Whether it was added. Of two owners that want one principal at once, one gets it.</returns>
    Task<bool> AddOwnedAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>The key of an id, of whatever tenant: who authenticates has no tenant yet.</summary>
    Task<ApiKey?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>A tenant's keys, newest first, the revoked ones too.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>The keys of one owner in a tenant, newest first, the revoked ones too.</summary>
    Task<IReadOnlyList<ApiKey>> ListAsync(string tenant, string ownerId, CancellationToken cancellationToken);

    /// <summary>Revokes a key of a tenant. The first revocation's time stays.</summary>
    /// <returns>Whether the tenant has such a key.</returns>
    Task<bool> RevokeAsync(string tenant, string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Stores when keys were last used. Ids that do not exist are passed over.</summary>
    Task StoreUsageAsync(IReadOnlyCollection<KeyValuePair<string, DateTimeOffset>> usage, CancellationToken cancellationToken);
}
