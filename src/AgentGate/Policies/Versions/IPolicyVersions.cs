namespace AgentGate.Policies.Versions;

/// <summary>
/// Where versions are kept. Each change is one transaction with its line of history, and at most one version per tenant is
/// active, which the store itself guarantees. Thread-safe. Throws when the store fails.
/// </summary>
internal interface IPolicyVersions
{
    /// <summary>Adds a draft under the next number of its tenant.</summary>
    /// <returns>The draft, or <see langword="null"/> where the tenant has as many drafts as it may.</returns>
    Task<PolicyVersion?> AddAsync(string tenant, string text, PolicyText facts, PolicyAct act, CancellationToken cancellationToken);

    /// <summary>Replaces the text of a draft.</summary>
    Task<PolicyChange> UpdateAsync(
        string tenant, int number, int expectedRevision, string text, PolicyText facts, PolicyAct act, CancellationToken cancellationToken);

    /// <summary>Deletes a draft.</summary>
    Task<PolicyChange> DeleteAsync(string tenant, int number, PolicyAct act, CancellationToken cancellationToken);

    /// <summary>Puts a version, or the configured policies, in force in place of the expected one.</summary>
    Task<PolicyChange> ActivateAsync(string tenant, PolicyActivation activation, PolicyAct act, CancellationToken cancellationToken);

    /// <summary>Makes a draft the shadow in place of what was; <see cref="PolicyVersion.Configured"/> ends the shadow. A former shadow is a draft again.</summary>
    Task<PolicyChange> ShadowAsync(string tenant, int number, PolicyAct act, CancellationToken cancellationToken);

    /// <summary>A version of a tenant.</summary>
    Task<PolicyDocument?> FindAsync(string tenant, int number, CancellationToken cancellationToken);

    /// <summary>The version a tenant has in force by the store; <see cref="PolicyVersion.Configured"/> where none is.</summary>
    Task<int> ActiveAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>A tenant's versions, newest first.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="before">Only numbers below.</param>
    /// <param name="limit">How many.</param>
    /// <param name="cancellationToken">Cancels reading.</param>
    Task<IReadOnlyList<PolicyVersion>> ListAsync(string tenant, int before, int limit, CancellationToken cancellationToken);

    /// <summary>A tenant's history, newest first.</summary>
    Task<IReadOnlyList<PolicyHistoryEntry>> HistoryAsync(string tenant, long before, int limit, CancellationToken cancellationToken);

    /// <summary>The active and shadow versions of every tenant: what a server loads when it starts.</summary>
    Task<IReadOnlyList<PolicyDocument>> ReadInForceAsync(CancellationToken cancellationToken);
}

/// <summary>Who changes something, and when.</summary>
/// <param name="At">When.</param>
/// <param name="By">The pseudonymous id.</param>
/// <param name="CallId">The gated call it is part of, where there is one.</param>
internal sealed record PolicyAct(DateTimeOffset At, string By, string? CallId = null);

/// <summary>What shall come into force, and what the one who asks believes is in force.</summary>
/// <param name="Number">The version, or <see cref="PolicyVersion.Configured"/>.</param>
/// <param name="TextHash">The text that was decided on; another one is a conflict. <see langword="null"/> for the configured policies.</param>
/// <param name="ExpectedActive">The version in force, or <see cref="PolicyVersion.Configured"/>; another one is a conflict.</param>
/// <param name="IsRollBack">How history calls it.</param>
internal sealed record PolicyActivation(int Number, string? TextHash, int ExpectedActive, bool IsRollBack);

/// <summary>What became of a change.</summary>
internal enum PolicyChange
{
    /// <summary>It is made.</summary>
    Done,

    /// <summary>The tenant has no such version.</summary>
    NotFound,

    /// <summary>The version is not of a status that can be changed like this.</summary>
    NotPossible,

    /// <summary>Somebody else was faster: another revision, or another active version, than expected.</summary>
    Conflict,
}
