using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage;

/// <summary>Contexts of the embedded profile: one file, kept apart by the filters of the model. Thread-safe.</summary>
internal sealed class SqliteTenantContexts(SqliteDatabase database) : ITenantContexts
{
    /// <summary>SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE, https://www.sqlite.org/rescode.html.</summary>
    private const int PrimaryKeyExists = 1555;
    private const int UniqueExists = 2067;

    private readonly DbContextOptions<AgentGateDbContext> _options =
        new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite(database.ConnectionString).Options;

    public ValueTask<AgentGateDbContext> OpenAsync(string tenant, CancellationToken cancellationToken) => new(new AgentGateDbContext(_options, TenantScope.Of(tenant)));

    public ValueTask<AgentGateDbContext> OpenSystemAsync(CancellationToken cancellationToken) => new(new AgentGateDbContext(_options, TenantScope.System));

    /// <summary>Nothing to do: a transaction of SQLite is immediate, so who reads in order to write waits for whoever does the same.</summary>
    public Task SerializeAsync(AgentGateDbContext context, string tenant, string what, CancellationToken cancellationToken) => Task.CompletedTask;

    public bool IsDuplicate(DbUpdateException failure)
        => failure.InnerException is SqliteException { SqliteExtendedErrorCode: PrimaryKeyExists or UniqueExists };
}
