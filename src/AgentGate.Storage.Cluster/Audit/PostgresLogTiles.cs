using AgentGate.Audit;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>The tiles in PostgreSQL. Thread-safe.</summary>
internal sealed class PostgresLogTiles(PostgresDatabase database) : ILogTiles
{
    /// <inheritdoc />
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string tenant, int level, long index, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT hashes FROM log_tiles WHERE tenant = $1 AND level = $2 AND idx = $3", connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = level }, new() { Value = index } },
        };
        return await command.ExecuteScalarAsync(cancellationToken) is byte[] hashes ? hashes : ReadOnlyMemory<byte>.Empty;
    }

    /// <inheritdoc />
    public async ValueTask StoreAsync(IReadOnlyList<LogTile> tiles, CancellationToken cancellationToken)
    {
        if (tiles.Count > 0)
        {
            await using var connection = await database.OpenSystemAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { LogRows.Tiles(tiles) } };
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }
    }
}
