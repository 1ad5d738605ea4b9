namespace AgentGate.Identity;

/// <summary>Where passkeys are kept. Thread-safe. Throws when the store fails.</summary>
internal interface IPasskeys
{
    /// <summary>Adds a passkey.</summary>
    /// <returns>Whether it was added: no user of any tenant has this credential, and its own has fewer than <paramref name="most"/>.</returns>
    Task<PasskeyAddition> AddAsync(Passkey passkey, int most, CancellationToken cancellationToken);

    /// <summary>The passkey of a credential id, of whatever tenant: who signs in has none yet.</summary>
    Task<Passkey?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>A user's passkeys, in the order they were made.</summary>
    Task<IReadOnlyList<Passkey>> ListAsync(string tenant, string userId, CancellationToken cancellationToken);

    /// <summary>Whether a user has any.</summary>
    Task<bool> HasAsync(string tenant, string userId, CancellationToken cancellationToken);

    /// <summary>Notes that it was used, if its counter went on: of two uses with the same counter one is refused, unless the authenticator does not count.</summary>
    /// <returns>Whether it is noted.</returns>
    Task<bool> UseAsync(string id, uint signCount, bool isBackedUp, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Gives a user's passkey another name.</summary>
    /// <returns>Whether there is one.</returns>
    Task<bool> RenameAsync(string tenant, string userId, string id, string name, CancellationToken cancellationToken);

    /// <summary>Deletes a user's passkey.</summary>
    /// <returns>Whether there was one.</returns>
    Task<bool> RemoveAsync(string tenant, string userId, string id, CancellationToken cancellationToken);
}
