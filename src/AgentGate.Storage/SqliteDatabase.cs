using Microsoft.Data.Sqlite;

namespace AgentGate.Storage;

/// <summary>The one SQLite file of the embedded profile and how its connections are opened. Thread-safe.</summary>
internal sealed class SqliteDatabase(string path)
{
    private readonly string _relaxed = Build(path, pooling: true, timeout: 11);

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The connection string EF Core and the native stores share. Connections are pooled.</summary>
    public string ConnectionString { get; } = Build(path, pooling: true);

    /// <summary>Opens a pooled connection with SQLite's defaults, for reading.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.Open();
        return connection;
    }

    /// <summary>
    /// Opens a pooled connection whose commits reach the operating system and not yet the disk, from a pool of its own. The
    /// durable append that follows each such write syncs the same write-ahead log, and what was written before it.
    /// </summary>
    public SqliteConnection OpenRelaxed()
    {
        var connection = new SqliteConnection(_relaxed);
        connection.Open();
        using var pragma = connection.CreateCommand();
        pragma.CommandText = "PRAGMA synchronous=NORMAL;";
        pragma.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Opens a connection of one's own in WAL mode. Outside the pool, because its settings would outlive its use there.</summary>
    /// <param name="synchronous"><c>FULL</c> (each commit reaches the disk) or <c>NORMAL</c> (each commit reaches the operating system).</param>
    public SqliteConnection Open(string synchronous)
    {
        var connection = new SqliteConnection(Build(Path, pooling: false));
        connection.Open();
        using var pragma = connection.CreateCommand();

        // The log is folded into the database every 32 MiB (8192 pages) instead of every 4: appends meet that pause less often.
        pragma.CommandText =
            $"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA busy_timeout=10000; PRAGMA wal_autocheckpoint=8192;";
        pragma.ExecuteNonQuery();
        return connection;
    }

    /// <summary>Makes the folder (0700) and the file (0600) where they are missing. SQLite gives its side files the same mode.</summary>
    public void CreateFile()
    {
        var folder = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        if (!File.Exists(Path))
        {
            using var file = new FileStream(Path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
        }
    }

    private static string Build(string path, bool pooling, int timeout = 10) => new SqliteConnectionStringBuilder
    {
        DataSource = System.IO.Path.GetFullPath(path),
        Mode = SqliteOpenMode.ReadWriteCreate,
        ForeignKeys = true,
        DefaultTimeout = timeout,
        Pooling = pooling,
    }.ToString();
}
