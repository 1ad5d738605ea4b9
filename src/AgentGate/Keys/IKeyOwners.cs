namespace AgentGate.Keys;

/// <summary>Says what users may do now, because a key may do no more than its owner. Thread-safe. Throws when nobody can tell.</summary>
internal interface IKeyOwners
{
    /// <summary>The user of an id, or <see langword="null"/> where there is none or the user is not active: then its keys open nothing.</summary>
    /// <remarks>The same object as long as nothing changed.</remarks>
    ValueTask<KeyOwner?> FindAsync(string userId, CancellationToken cancellationToken);
}
