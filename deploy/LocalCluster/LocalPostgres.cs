using System.Diagnostics;

namespace LocalCluster;

/// <summary>The demo's PostgreSQL: its own files, a free port of the loopback, a password.</summary>
internal static class LocalPostgres
{
    private const string Login = "agentgate";

    private static readonly Dictionary<string, string> s_nothing = [];

    /// <summary>Starts it, making its files the first time.</summary>
    /// <returns>The process, and its <c>DATABASE_URL</c>.</returns>
    public static async Task<(OwnedProcess Process, string Url)> StartAsync(DemoFolder folder)
    {
        var programs = Folder();
        var (root, data, password) = (folder.In("postgres"), Path.Combine(folder.In("postgres"), "data"), folder.Secret("postgres"));
        var isNew = !File.Exists(Path.Combine(data, "PG_VERSION"));
        if (isNew)
        {
            await InitializeAsync(programs, root, data, password);
        }

        var port = DemoFolder.FreePort();
        var process = OwnedProcess.Start(
            "PostgreSQL",
            folder.In("postgres.log"),
            s_nothing,
            input: null,
            "INT",
            onLine: null,
            AsOwner(Path.Combine(programs, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        try
        {
            await AnswersAsync(programs, port, process, folder.In("postgres.log"));
            if (isNew)
            {
                await PsqlAsync(programs, port, "postgres", password, "postgres", $"CREATE ROLE {Login} LOGIN CREATEROLE PASSWORD '{password}'");
                await PsqlAsync(programs, port, "postgres", password, "postgres", $"CREATE DATABASE {Login} OWNER {Login}");
            }

            return (process, $"postgresql://{Login}:{password}@127.0.0.1:{port}/{Login}");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static string Folder()
    {
        var folders = (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed. Install the package postgresql, and try again.");
    }

    private static async Task InitializeAsync(string programs, string root, string data, string password)
    {
        if (Directory.Exists(root))
        {
            // The first start was cut off.
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(root, "password");
        await File.WriteAllTextAsync(file, password);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.UserName == "root")
        {
            await OwnedProcess.RunAsync(s_nothing, "chown", "-R", "postgres", root);
            try
            {
                await OwnedProcess.RunAsync(s_nothing, AsOwner("test", "-r", file));
            }
            catch (InvalidOperationException)
            {
                throw new InvalidOperationException(
                    $"PostgreSQL does not run as root, and the user postgres cannot reach {root}. Run the demo as another user, or name a directory it can reach in AGENTGATE_STATE_DIR.");
            }
        }

        await OwnedProcess.RunAsync(
            s_nothing, AsOwner(Path.Combine(programs, "initdb"), "-D", data, "-A", "scram-sha-256", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--pwfile=" + file));
        File.Delete(file);
    }

    private static async Task AnswersAsync(string programs, string port, OwnedProcess process, string log)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await OwnedProcess.RunAsync(s_nothing, Path.Combine(programs, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port);
                return;
            }
            catch (InvalidOperationException) when (!process.HasEnded && patience.Elapsed < TimeSpan.FromMinutes(1))
            {
                // Not listening yet, or still recovering.
            }
            catch (InvalidOperationException)
            {
                throw new InvalidOperationException($"PostgreSQL does not start; {log} says why.");
            }
        }
    }

    private static Task PsqlAsync(string programs, string port, string user, string password, string database, string sql)
        => OwnedProcess.RunAsync(
            new Dictionary<string, string> { ["PGPASSWORD"] = password }, Path.Combine(programs, "psql"), "-q", "-h", "127.0.0.1", "-p", port, "-U", user, "-d", database, "-c", sql);

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsOwner(string program, params string[] arguments)
        => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments] : [program, .. arguments];
}
