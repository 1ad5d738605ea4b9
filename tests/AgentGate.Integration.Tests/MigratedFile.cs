using AgentGate.Storage;
using Microsoft.Data.Sqlite;

namespace AgentGate.Integration.Tests;

/// <summary>
/// An empty database with all migrations in it, made once: what a server would spend its start on again in every test. Its own start on no
/// file at all is shown by the tests that keep a directory, run a process or restart.
/// </summary>
internal static class MigratedFile
{
    private static readonly Lazy<Task<byte[]>> s_bytes = new(CreateAsync);

    public static async Task WriteAsync(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        new SqliteDatabase(path).CreateFile();
        await File.WriteAllBytesAsync(path, await s_bytes.Value);
    }

    private static async Task<byte[]> CreateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("agentgate-test-").FullName;
        var (made, packed) = (new SqliteDatabase(Path.Combine(folder, "made.db")), Path.Combine(folder, "packed.db"));
        await new EmbeddedStorageInitializer(made, new SqliteTenantContexts(made)).InitializeAsync(CancellationToken.None);
        await using (var connection = made.Open())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $path";
            command.Parameters.Add(new SqliteParameter("$path", packed));
            await command.ExecuteNonQueryAsync();
        }

        var bytes = await File.ReadAllBytesAsync(packed);
        Directory.Delete(folder, recursive: true);
        return bytes;
    }
}
