using AgentGate.Storage.Cluster.Connections;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AgentGate.Storage.Cluster;

/// <summary>
/// Makes the database ready: migrations as the tables' owner, one process at a time, then the two roles that servers work under and
/// what they may see. Idempotent.
/// </summary>
internal sealed class PostgresStorageInitializer(PostgresDatabase database) : IStorageInitializer
{
    /// <summary>The advisory lock of migrations: "AgentGat" in ASCII.</summary>
    private const long MigrationLock = 0x4167656E74476174;

    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Owner.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({MigrationLock})", cancellationToken);
        try
        {
            await using var context = new AgentGateDbContext(PostgresContexts.Options(database.Owner));
            await context.Database.MigrateAsync(cancellationToken);
            await ExecuteAsync(connection, PostgresRoles.Sql, cancellationToken);
            if (database is { HasOwnerLogin: true, Login: { Length: > 0 } login })
            {
                await ExecuteAsync(connection, PostgresRoles.GrantTo(login), cancellationToken);
            }
        }
        finally
        {
            await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
