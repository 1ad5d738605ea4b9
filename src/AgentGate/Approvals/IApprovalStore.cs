namespace AgentGate.Approvals;

/// <summary>Where approvals are kept. Thread-safe. Throws when the store fails.</summary>
internal interface IApprovalStore
{
    /// <summary>Keeps one, unless a live one of the same tenant has the same call digest.</summary>
    /// <returns>Whether it is kept.</returns>
    Task<bool> AddAsync(Approval approval, CancellationToken cancellationToken);

    /// <summary>One approval of a tenant, or <see langword="null"/>.</summary>
    Task<Approval?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>The live approval of a call digest, or <see langword="null"/>.</summary>
    Task<Approval?> FindLiveAsync(string tenant, string callDigest, CancellationToken cancellationToken);

    /// <summary>Stores what an approval became, if nobody changed it since it was read.</summary>
    /// <returns>Whether it is stored.</returns>
    Task<bool> UpdateAsync(Approval approval, CancellationToken cancellationToken);

    /// <summary>Approvals of a tenant, newest first, and how many there are in all.</summary>
    Task<ApprovalPage> ListAsync(string tenant, ApprovalQuery query, CancellationToken cancellationToken);

    /// <summary>Of every tenant: live ones whose time is over, and ones with an act that is not known to be on record.</summary>
    Task<IReadOnlyList<Approval>> DueAsync(DateTimeOffset now, int most, CancellationToken cancellationToken);

    /// <summary>Deletes what ended before a time.</summary>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}
