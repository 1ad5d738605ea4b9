using Microsoft.Data.Sqlite;

namespace AgentGate.Storage;

/// <summary>The one SQLite file of the embedded profile and how its connections are opened. Thread-safe.</summary>
internal sealed class SqliteDatabase(string path)
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The connection string EF Core and the native stores share.</summary>
    public string ConnectionString { get; } = new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        DefaultTimeout = 10,
    }.ToString();

    /// <summary>Opens a connection in WAL mode.</summary>
    /// <param name="synchronous"><c>FULL</c> (each commit reaches the disk) or <c>NORMAL</c> (each commit reaches the operating system).</param>
    public SqliteConnection Open(string synchronous)
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        using var pragma = connection.CreateCommand();
        pragma.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA busy_timeout=10000;";
        pragma.ExecuteNonQuery();
        return connection;
    }
}
