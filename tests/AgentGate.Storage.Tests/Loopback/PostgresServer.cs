using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AgentGate.Loopback;

/// <summary>A PostgreSQL server of the tests' own, in a folder that goes away with it. The user <c>postgres</c> owns everything.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _server;
    private readonly string[] _settings;
    private Process? _process;
    private int _databases;

    private PostgresServer(string folder, string server, int port, string[] settings) => (_folder, _server, Port, _settings) = (folder, server, port, settings);

    /// <summary>The port on 127.0.0.1. A restart keeps it.</summary>
    public int Port { get; }

    /// <summary>The process, for tests that kill it.</summary>
    public Process Process => _process ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>Makes and starts a server.</summary>
    /// <param name="settings">Settings beside the tests' own, each <c>name=value</c>.</param>
    public static async Task<PostgresServer> StartAsync(params string[] settings)
    {
        var server = LoopbackServers.Find("postgres", "/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin", "/usr/lib/postgresql/14/bin");
        server = File.ResolveLinkTarget(server, returnFinalTarget: true)?.FullName ?? server;
        var folder = Path.Combine(Path.GetTempPath(), "agentgate-pg-" + Guid.NewGuid().ToString("n")[..12]);
        Directory.CreateDirectory(folder);
        var started = new PostgresServer(folder, server, LoopbackServers.FreePort(), settings);
        try
        {
            if (Environment.UserName == "root")
            {
                await LoopbackServers.RunAsync("chown", ["postgres", folder]);
            }

            var (program, arguments) = AsOwner(Path.Combine(Path.GetDirectoryName(server)!, "initdb"), ["-D", Path.Combine(folder, "data"), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]);
            await LoopbackServers.RunAsync(program, arguments);
            await started.StartAgainAsync();
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>The folder the server's files lie in: certificates of a test go here.</summary>
    public string Folder => _folder;

    /// <summary>A URL of a database, as <c>DATABASE_URL</c> has it.</summary>
    public string UrlOf(string database, string user = "postgres")
        => string.Create(CultureInfo.InvariantCulture, $"postgresql://{user}@127.0.0.1:{Port}/{database}");

    /// <summary>An empty database of the test's own.</summary>
    /// <returns>Its URL.</returns>
    public async Task<string> CreateDatabaseAsync(string? template = null)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync(template is null ? $"CREATE DATABASE {name}" : $"CREATE DATABASE {name} TEMPLATE {template}");
        return UrlOf(name);
    }

    /// <summary>Runs a statement as the superuser.</summary>
    public async Task ExecuteAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username=postgres;Database={database};Pooling=false"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Kills the server and everything it started, as a lost machine would.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Starts it again on the same files and port.</summary>
    public async Task StartAgainAsync()
    {
        var port = Port.ToString(CultureInfo.InvariantCulture);
        string[] own = ["-D", Path.Combine(_folder, "data"), "-p", port, "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=300", "-c", "max_wal_size=256MB"];
        File.Delete(Path.Combine(_folder, "data", "postmaster.pid"));
        var (program, arguments) = AsOwner(_server, [.. own, .. _settings.SelectMany(setting => new[] { "-c", setting })]);
        var words = Start(program, [.. arguments]);
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            try
            {
                await ExecuteAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (patience.Elapsed < TimeSpan.FromSeconds(60) && !Process.HasExited)
            {
                // Not listening yet, or still recovering.
            }
            catch (NpgsqlException) when (Process.HasExited)
            {
                var said = await words;
                if (patience.Elapsed > TimeSpan.FromSeconds(30))
                {
                    throw new InvalidOperationException("PostgreSQL does not start: " + said);
                }

                // Processes of the killed server are still ending.
                words = Start(program, [.. arguments]);
            }
        }
    }

    private Task<string> Start(string program, string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        _ = _process.StandardOutput.ReadToEndAsync();
        return _process.StandardError.ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static (string Program, IEnumerable<string> Arguments) AsOwner(string program, IEnumerable<string> arguments)
        => Environment.UserName == "root" ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", program, .. arguments]) : (program, arguments);
}
