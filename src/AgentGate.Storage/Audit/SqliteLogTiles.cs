using AgentGate.Audit;

namespace AgentGate.Storage.Audit;

/// <summary>The tiles in SQLite. Thread-safe: every read has a connection of the pool, and storing happens before anything is appended.</summary>
internal sealed class SqliteLogTiles(SqliteDatabase database) : ILogTiles
{
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string tenant, int level, long index, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT hashes FROM log_tiles WHERE tenant = $tenant AND level = $level AND idx = $index";
        command.Parameters.AddWithValue("$tenant", tenant);
        command.Parameters.AddWithValue("$level", level);
        command.Parameters.AddWithValue("$index", index);
        return new(command.ExecuteScalar() is byte[] hashes ? hashes : ReadOnlyMemory<byte>.Empty);
    }

    public ValueTask StoreAsync(IReadOnlyList<LogTile> tiles, CancellationToken cancellationToken)
    {
        using var connection = database.Open("FULL");
        using (var statement = new SqliteStatement(connection, LogTileSql.Upsert))
        using (var transaction = connection.BeginTransaction())
        {
            foreach (var tile in tiles)
            {
                LogTileSql.Run(statement, tile);
            }

            transaction.Commit();
        }

        return ValueTask.CompletedTask;
    }
}
