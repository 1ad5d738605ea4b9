namespace AgentGate.Identity;

/// <summary>Where the keys of access tokens are kept, for all servers. Thread-safe. Throws when the store fails.</summary>
internal interface ITokenKeyStore
{
    /// <summary>Every key, the newest first.</summary>
    Task<IReadOnlyList<TokenKey>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Makes a key the one that signs, and retires those before it, if the one that signs is still the one named.</summary>
    /// <returns>Whether it is; else another server was faster.</returns>
    Task<bool> AddAsync(TokenKey key, string? formerId, CancellationToken cancellationToken);

    /// <summary>Deletes keys that were retired before a time.</summary>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
