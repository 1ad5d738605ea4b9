using System.Data.Common;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentGate.Storage.Cluster;

/// <summary>
/// Contexts of the cluster profile. Each has a connection under the role that sees what the context may see: what the model's filters narrow,
/// the database narrows once more. Thread-safe.
/// </summary>
internal sealed class PostgresTenantContexts(PostgresDatabase database) : ITenantContexts
{
    public async ValueTask<AgentGateDbContext> OpenAsync(string tenant, CancellationToken cancellationToken)
        => Context(await database.OpenAsync(tenant, cancellationToken), TenantScope.Of(tenant));

    public async ValueTask<AgentGateDbContext> OpenSystemAsync(CancellationToken cancellationToken)
        => Context(await database.OpenSystemAsync(cancellationToken), TenantScope.System);

    /// <summary>An advisory lock that ends with the transaction. Two names that hash alike wait for each other, and nothing else happens.</summary>
    public async Task SerializeAsync(AgentGateDbContext context, string tenant, string what, CancellationToken cancellationToken)
    {
        var name = what + "\n" + tenant;
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellationToken);
    }

    public bool IsDuplicate(DbUpdateException failure) => failure.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>The connection goes back with the context. No strategy that retries: a connection opened anew names no tenant.</summary>
    private static AgentGateDbContext Context(DbConnection connection, TenantScope scope)
        => new(new DbContextOptionsBuilder<AgentGateDbContext>().UseNpgsql(connection, contextOwnsConnection: true).Options, scope);
}
