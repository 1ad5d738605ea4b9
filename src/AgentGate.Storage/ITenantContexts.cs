using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage;

/// <summary>How the stores that are written on EF Core reach the database of their profile. Thread-safe.</summary>
internal interface ITenantContexts
{
    /// <summary>A context that sees and changes the rows of one tenant, and no others. The caller disposes it.</summary>
    ValueTask<AgentGateDbContext> OpenAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>A context that sees every tenant's rows: for a key whose tenant is not known yet, and for what a server loads. The caller disposes it.</summary>
    ValueTask<AgentGateDbContext> OpenSystemAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Waits until no other transaction, of whatever process, changes the same thing of the same tenant, and keeps others waiting until
    /// the context's transaction ends. The first statement of a transaction that reads in order to write.
    /// </summary>
    /// <param name="context">A context with a transaction.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="what">What is changed, a constant.</param>
    /// <param name="cancellationToken">Cancels waiting.</param>
    Task SerializeAsync(AgentGateDbContext context, string tenant, string what, CancellationToken cancellationToken);

    /// <summary>Whether a change failed because such a row exists: somebody else was faster.</summary>
    bool IsDuplicate(DbUpdateException failure);
}
