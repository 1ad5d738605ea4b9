using System.Data;
using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Audit;

/// <summary>
/// Checks the logs of a database (a file of SQLite, or PostgreSQL) from outside: numbering, canonical form, chain, tree against tiles, checkpoints, rotations,
/// certificates. Reads and changes nothing; a server may run meanwhile. Not thread-safe.
/// </summary>
internal sealed class LogFsck(DbConnection connection, FsckMaterial material)
{
    private readonly List<string> _notes = [];

    /// <summary>Opens a database for reading alone.</summary>
    /// <exception cref="SqliteException">It is no database.</exception>
    public static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.GetFullPath(path),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }

    /// <summary>Checks every log, in one snapshot: what a running server appends meanwhile is not half seen.</summary>
    public FsckReport Run()
    {
        using DbTransaction transaction = connection is SqliteConnection file ? file.BeginTransaction(deferred: true) : connection.BeginTransaction(IsolationLevel.RepeatableRead);
        return RunIn();
    }

    /// <summary>Checks every log in the transaction that is open.</summary>
    internal FsckReport RunIn()
    {
        var hasTiles = HasTable("log_tiles");
        var certificates = HasTable("certificates");
        Note(material.ChainKeys is null, "The chain was not checked: no chain key was given.");
        Note(!hasTiles, "The tree was not compared with tiles: the database has none; the server's next start makes them.");
        Note(certificates && material.SigningKeys.Count == 0, "The certificates' signatures were not checked: no key was given.");
        Note(material.Checkpoints.Count == 0, "No checkpoint was given: entries cut off at the end would not be noticed.");
        Note(!material.KnowsNoteKeys && material.Checkpoints.Count > 0, "The checkpoints' signatures were not checked: no key was given.");

        var tenants = Tenants(hasTiles);
        var findings = new List<FsckFinding>();
        var entries = 0L;
        foreach (var tenant in tenants)
        {
            var check = new LogFsckRun(connection, material, tenant, hasTiles, certificates);
            if (check.Run() is { } finding)
            {
                findings.Add(finding);
            }

            entries += check.Entries;
        }

        return new FsckReport(tenants.Count, entries, findings, _notes);
    }

    private void Note(bool applies, string note)
    {
        if (applies)
        {
            _notes.Add(note);
        }
    }

    private bool HasTable(string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = connection is SqliteConnection
            ? "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @name"
            : "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public' AND table_name = @name";
        LogFsckRun.Add(command, "name", name);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture) > 0;
    }

    private SortedSet<string> Tenants(bool hasTiles)
    {
        var tenants = new SortedSet<string>(material.Checkpoints.Select(c => LogFsckRun.TenantOf(c.Checkpoint)), StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tenant FROM log_heads UNION SELECT tenant FROM log_entries" + (hasTiles ? " UNION SELECT tenant FROM log_tiles" : "");
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }
}
