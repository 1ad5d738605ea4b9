using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentGate.Storage.Tests.Audit;

/// <summary>
/// What SQLite itself makes of a cut file, cheaply enough to be asked at every byte: which frames of the write-ahead log it recovers,
/// or with which error it refuses. What a server finds depends on nothing else, so it is started once for each answer.
/// </summary>
internal sealed class RecoveredState : IDisposable
{
    private const int NoCheckpointOnClose = 1006;

    private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-cut-").FullName;
    private readonly string _path;

    /// <param name="database">The database's bytes.</param>
    /// <param name="wal">The write-ahead log's bytes; empty for none.</param>
    public RecoveredState(ReadOnlySpan<byte> database, ReadOnlySpan<byte> wal)
    {
        _path = Path.Combine(_folder, "agentgate.db");
        File.WriteAllBytes(_path, database);
        if (!wal.IsEmpty)
        {
            File.WriteAllBytes(_path + "-wal", wal);
        }
    }

    /// <summary>Cuts the write-ahead log and asks. Lengths are asked in descending order: what is cut off is gone.</summary>
    /// <returns>Recovered frames, size of the database and checksum of the last frame, which names all frames before it; or the error.</returns>
    public string OfWal(long length)
    {
        using (var wal = new FileStream(_path + "-wal", FileMode.Open, FileAccess.Write))
        {
            wal.SetLength(length);
        }

        return Ask(() =>
        {
            // The header of the wal-index: mxFrame, nPage, aFrameCksum (sqlite.org/walformat.html, section 2.1).
            using var index = new FileStream(_path + "-shm", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            Span<byte> header = stackalloc byte[48];
            index.ReadExactly(header);
            return Convert.ToHexString(header[16..32]);
        });
    }

    /// <summary>Cuts the database and asks. Descending, as above.</summary>
    /// <returns>The error; <see langword="null"/> where SQLite opens it.</returns>
    public string? OfDatabase(long length)
    {
        using (var database = new FileStream(_path, FileMode.Open, FileAccess.Write))
        {
            database.SetLength(length);
        }

        return Ask(() => "") is { Length: > 0 } error ? error : null;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Ask(Func<string> read)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_db_config(connection.Handle, NoCheckpointOnClose, 1, out _));
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT count(*) FROM sqlite_schema";
            command.ExecuteScalar();
            return read();
        }
        catch (SqliteException refused)
        {
            return "error " + refused.SqliteExtendedErrorCode;
        }
        finally
        {
            connection.Close();
            File.Delete(_path + "-shm");
        }
    }
}
