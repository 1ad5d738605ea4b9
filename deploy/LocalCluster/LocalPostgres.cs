using System.Diagnostics;

namespace LocalCluster;

/// <summary>The demo's PostgreSQL: its own files, a free port of the loopback, a password.</summary>
internal static class LocalPostgres
{
    private const string Login = "agentgate";

    private static readonly Dictionary<string, string> s_nothing = [];

    /// <summary>Starts it, making its files the first time.</summary>
    /// <returns>The process, and its <c>DATABASE_URL</c>.</returns>
    public static async Task<(OwnedProcess Process, string Url)> StartAsync(DemoFolder folder, StartedProcesses processes, CancellationToken cancellationToken)
    {
        var programs = Folder();
        var (root, data, password) = (folder.In("postgres"), Path.Combine(folder.In("postgres"), "data"), folder.Secret("postgres"));

        // Written last: files without it are those of a first start that was cut off.
        var ready = Path.Combine(root, "ready");
        var isNew = !File.Exists(ready);
        if (isNew)
        {
            await InitializeAsync(programs, root, data, password, folder.In("initdb.log"), processes, cancellationToken);
        }

        var port = DemoFolder.FreePort();

        // INT is its fast shutdown: TERM would wait for every client to leave.
        var process = processes.Start(
            "PostgreSQL",
            folder.In("postgres.log"),
            s_nothing,
            input: null,
            "INT",
            onLine: null,
            AsOwner(Path.Combine(programs, "postgres"), "-D", data, "-p", port, "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
        await AnswersAsync(programs, port, process, folder.In("postgres.log"), cancellationToken);
        if (isNew)
        {
            await PsqlAsync(
                programs, port, password, $"CREATE ROLE {Login} LOGIN CREATEROLE PASSWORD '{password}';\nCREATE DATABASE {Login} OWNER {Login};\n", cancellationToken);
            await File.WriteAllTextAsync(ready, "", CancellationToken.None);
        }

        return (process, $"postgresql://{Login}:{password}@127.0.0.1:{port}/{Login}");
    }

    private static string Folder()
    {
        var folders = (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'));
        return folders.FirstOrDefault(folder => File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException("PostgreSQL is not installed. Install the package postgresql, and try again.");
    }

    private static async Task InitializeAsync(
        string programs, string root, string data, string password, string log, StartedProcesses processes, CancellationToken cancellationToken)
    {
        if (Directory.Exists(root))
        {
            // The first start was cut off.
            Directory.Delete(root, recursive: true);
        }

        Directory.CreateDirectory(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var file = Path.Combine(root, "password");
        await using (var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(password), cancellationToken);
        }

        if (Environment.UserName == "root")
        {
            await OwnedProcess.RunAsync(s_nothing, null, cancellationToken, "chown", "-R", "postgres", root);
            try
            {
                await OwnedProcess.RunAsync(s_nothing, null, cancellationToken, AsOwner("test", "-r", file));
            }
            catch (InvalidOperationException)
            {
                throw new InvalidOperationException(
                    $"PostgreSQL does not run as root, and the user postgres cannot reach {root}. Run the demo as another user, or name a directory it can reach in AGENTGATE_STATE_DIR.");
            }
        }

        // It takes seconds, and what a killed run left of it must not write into the next one's files.
        var made = processes.Start(
            "initdb",
            log,
            s_nothing,
            input: null,
            "TERM",
            onLine: null,
            AsOwner(Path.Combine(programs, "initdb"), "-D", data, "-A", "scram-sha-256", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--pwfile=" + file));
        await made.Ended.WaitAsync(cancellationToken);
        if (made.ExitCode != 0)
        {
            throw new InvalidOperationException($"PostgreSQL's files cannot be made; {log} says why.");
        }

        processes.Release(made);
        await made.DisposeAsync();
        File.Delete(file);
    }

    private static async Task AnswersAsync(string programs, string port, OwnedProcess process, string log, CancellationToken cancellationToken)
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50, cancellationToken))
        {
            try
            {
                await OwnedProcess.RunAsync(s_nothing, null, cancellationToken, Path.Combine(programs, "pg_isready"), "-q", "-h", "127.0.0.1", "-p", port);
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

    /// <summary>By the standard input: passwords stand in it, and arguments can be seen by everybody.</summary>
    private static Task PsqlAsync(string programs, string port, string password, string sql, CancellationToken cancellationToken)
        => OwnedProcess.RunAsync(
            new Dictionary<string, string> { ["PGPASSWORD"] = password },
            sql,
            cancellationToken,
            Path.Combine(programs, "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-d", "postgres", "-f", "-");

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsOwner(string program, params string[] arguments)
        => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments] : [program, .. arguments];
}
