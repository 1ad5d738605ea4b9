namespace AgentGate.Deception;

/// <summary>Where honey tokens are kept, and who touched them. Thread-safe. Throws when the store fails.</summary>
internal interface IHoneyStore
{
    /// <summary>Adds a token. An id is given once.</summary>
    Task AddAsync(StoredHoneyToken token, CancellationToken cancellationToken);

    /// <summary>Removes a token; what was touched stays on record.</summary>
    /// <returns>Whether the tenant had it.</returns>
    Task<bool> RemoveAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Every token of every tenant, in the order of their ids.</summary>
    Task<IReadOnlyList<StoredHoneyToken>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Adds a trigger.</summary>
    Task AddTriggerAsync(HoneyTrigger trigger, CancellationToken cancellationToken);

    /// <summary>A tenant's triggers, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="principal">Only those of one principal, if not <see langword="null"/>.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    Task<IReadOnlyList<HoneyTrigger>> ListTriggersAsync(string tenant, string? principal, int limit, CancellationToken cancellationToken);

    /// <summary>Clears a principal of everything it touched so far.</summary>
    /// <returns>How many triggers were cleared.</returns>
    Task<int> ClearAsync(string tenant, string principal, DateTimeOffset at, string by, CancellationToken cancellationToken);

    /// <summary>The worst that each principal touched and was not cleared of.</summary>
    Task<IReadOnlyList<HoneyStanding>> ReadStandingsAsync(CancellationToken cancellationToken);
}

/// <summary>A token with its encrypted value.</summary>
/// <param name="Token">The token.</param>
/// <param name="Sealed">The encrypted value, or <see langword="null"/> where it has none.</param>
internal sealed record StoredHoneyToken(HoneyToken Token, byte[]? Sealed);

/// <summary>Where a principal stands.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Principal">The principal.</param>
/// <param name="Severity">The worst it touched.</param>
internal sealed record HoneyStanding(string Tenant, string Principal, int Severity);
