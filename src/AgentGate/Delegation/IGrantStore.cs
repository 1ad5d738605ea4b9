using AgentGate.Kernel.Delegation;

namespace AgentGate.Delegation;

/// <summary>
/// Where grants and revocations are kept, as bytes: whoever reads them believes none without its signature. What was added is
/// never changed. Thread-safe. Throws when the store fails.
/// </summary>
internal interface IGrantStore
{
    /// <summary>Adds a grant. An id is given once.</summary>
    Task AddAsync(StoredGrant grant, CancellationToken cancellationToken);

    /// <summary>Adds a revocation. A grant that was revoked stays revoked as it was.</summary>
    /// <returns><see langword="false"/> where the tenant has no such grant.</returns>
    Task<bool> RevokeAsync(StoredRevocation revocation, CancellationToken cancellationToken);

    /// <summary>Every grant of every tenant, in the order of their ids.</summary>
    Task<IReadOnlyList<StoredGrant>> ReadGrantsAsync(CancellationToken cancellationToken);

    /// <summary>Every revocation of every tenant, in the order of the grants' ids.</summary>
    Task<IReadOnlyList<StoredRevocation>> ReadRevocationsAsync(CancellationToken cancellationToken);

    /// <summary>Forgets grants of a tenant that expired before a moment, with their revocations.</summary>
    Task ForgetAsync(string tenant, DateTimeOffset expiredBefore, CancellationToken cancellationToken);
}

/// <summary>A grant as it is kept.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Id">Its id.</param>
/// <param name="Signed">The signed grant's canonical bytes.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="IssuedBy">The pseudonymous id of who issued it.</param>
/// <param name="CallId">The gated call it was issued in.</param>
internal sealed record StoredGrant(
    string Tenant, string Id, ReadOnlyMemory<byte> Signed, DateTimeOffset ExpiresAt, string IssuedBy, string CallId);

/// <summary>A revocation as it is kept.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Revocation">The revocation.</param>
/// <param name="RevokedBy">The pseudonymous id of who revoked it.</param>
/// <param name="CallId">The gated call it was revoked in.</param>
internal sealed record StoredRevocation(string Tenant, GrantRevocation Revocation, string RevokedBy, string CallId);
