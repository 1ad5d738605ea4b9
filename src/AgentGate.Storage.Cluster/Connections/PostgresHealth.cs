using AgentGate.Pipeline;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>Asks the database whether it answers.</summary>
internal sealed class PostgresHealth(PostgresDatabase database) : ISharedStore
{
    public string Name => "postgresql";

    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenUpkeepAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT 1", connection) { CommandTimeout = 2 };
        await command.ExecuteScalarAsync(cancellationToken);
    }
}
