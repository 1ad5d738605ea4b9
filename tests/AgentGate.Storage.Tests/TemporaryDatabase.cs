using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AgentGate.Storage.Tests;

/// <summary>A migrated database in a folder that goes away with the test.</summary>
internal sealed class TemporaryDatabase : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "agentgate-test-" + Guid.NewGuid().ToString("n"));

    private TemporaryDatabase()
    {
        Database = new SqliteDatabase(Path.Combine(_folder, "state", "agentgate.db"));
        Contexts = new SqliteTenantContexts(Database);
    }

    public SqliteDatabase Database { get; }

    public ITenantContexts Contexts { get; }

    /// <summary>The folder the database lies in: the state directory.</summary>
    public string Folder => Path.GetDirectoryName(Database.Path)!;

    public static async Task<TemporaryDatabase> CreateAsync()
    {
        var created = new TemporaryDatabase();
        await new EmbeddedStorageInitializer(created.Database, created.Contexts).InitializeAsync(CancellationToken.None);
        return created;
    }

    /// <summary>A context that sees every tenant's rows.</summary>
    public AgentGateDbContext CreateDbContext()
        => new(new DbContextOptionsBuilder<AgentGateDbContext>().UseSqlite(Database.ConnectionString).Options, TenantScope.System);

    public void Execute(string sql)
    {
        using var connection = Database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A place for a database that is not there yet.</summary>
    public static TemporaryDatabase Empty() => new();

    /// <summary>A copy of the files as they are now: what is left when the process ends at this moment.</summary>
    public TemporaryDatabase Copy()
    {
        var copy = new TemporaryDatabase();
        Directory.CreateDirectory(Path.GetDirectoryName(copy.Database.Path)!);

        var checkpoints = Path.Combine(Folder, "checkpoints");
        if (Directory.Exists(checkpoints))
        {
            Directory.CreateDirectory(Path.Combine(copy.Folder, "checkpoints"));
            foreach (var file in Directory.GetFiles(checkpoints))
            {
                File.Copy(file, Path.Combine(copy.Folder, "checkpoints", Path.GetFileName(file)));
            }
        }

        // The database before its log: the log may only be ahead of it, as after a real crash.
        foreach (var suffix in new[] { string.Empty, "-wal" })
        {
            if (File.Exists(Database.Path + suffix))
            {
                File.Copy(Database.Path + suffix, copy.Database.Path + suffix);
            }
        }

        return copy;
    }

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
