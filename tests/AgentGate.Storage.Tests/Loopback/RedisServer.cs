using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace AgentGate.Loopback;

/// <summary>A Redis server of the tests' own. With a folder it keeps its data (append-only file) over a restart.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string[] _settings;
    private Process? _process;

    private RedisServer(string folder, int port, string[] settings) => (_folder, Port, _settings) = (folder, port, settings);

    /// <summary>The port on 127.0.0.1. A restart keeps it.</summary>
    public int Port { get; }

    /// <summary>As <c>REDIS_URL</c> has it.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"redis://127.0.0.1:{Port}");

    /// <summary>The folder the server's files lie in: certificates of a test go here.</summary>
    public string Folder => _folder;

    /// <summary>Starts a server.</summary>
    /// <param name="settings">Arguments beside the tests' own, for example <c>--appendonly</c>, <c>yes</c>.</param>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        var folder = Path.Combine(Path.GetTempPath(), "agentgate-redis-" + Guid.NewGuid().ToString("n")[..12]);
        Directory.CreateDirectory(folder);
        var started = new RedisServer(folder, LoopbackServers.FreePort(), settings);
        await started.StartAgainAsync();
        return started;
    }

    /// <summary>Kills the server.</summary>
    public async Task KillAsync()
    {
        if (Interlocked.Exchange(ref _process, null) is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Starts it again on the same port and folder.</summary>
    public async Task StartAgainAsync()
    {
        string[] own = ["--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _folder, "--save", "", "--daemonize", "no"];
        _process = Process.Start(new ProcessStartInfo(LoopbackServers.Find("redis-server"), [.. own, .. _settings]) { RedirectStandardOutput = true })!;
        var words = _process.StandardOutput.ReadToEndAsync();
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (patience.Elapsed < TimeSpan.FromSeconds(30) && !_process.HasExited)
            {
                // Not listening yet.
            }
            catch (SocketException) when (_process.HasExited)
            {
                throw new InvalidOperationException("Redis does not start: " + await words);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
