using AgentGate.Audit;

namespace AgentGate.Storage.Audit;

/// <summary>How tiles are written, by the log's appender and by the migration of logs from before.</summary>
internal static class LogTileSql
{
    public const string Upsert =
        "INSERT INTO log_tiles (tenant, level, idx, hashes) VALUES (?1, ?2, ?3, ?4) "
        + "ON CONFLICT (tenant, level, idx) DO UPDATE SET hashes = ?4";

    /// <summary>Binds a tile and runs <see cref="Upsert"/>.</summary>
    public static void Run(SqliteStatement statement, in LogTile tile)
    {
        statement.BindText(1, tile.Tenant);
        statement.Bind(2, tile.Level);
        statement.Bind(3, tile.Index);
        statement.BindBlob(4, tile.Hashes.Span);
        statement.Run();
    }
}
