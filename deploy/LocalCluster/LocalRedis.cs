using System.Diagnostics;
using System.Net.Sockets;

namespace LocalCluster;

/// <summary>The demo's Redis: a free port of the loopback, a password, an append-only file that answers wait for: a restart forgets no count.</summary>
internal static class LocalRedis
{
    /// <summary>Starts it.</summary>
    /// <returns>The process, and its <c>REDIS_URL</c>.</returns>
    public static async Task<(OwnedProcess Process, string Url)> StartAsync(DemoFolder folder, StartedProcesses processes, CancellationToken cancellationToken)
    {
        var (password, port, log) = (folder.Secret("redis"), DemoFolder.FreePort(), folder.In("redis.log"));
        Directory.CreateDirectory(folder.In("redis"));
        OwnedProcess process;
        try
        {
            // Settings by the standard input: arguments can be seen by everybody.
            var settings = $"port {port}\nbind 127.0.0.1\ndir \"{folder.In("redis")}\"\nsave \"\"\nappendonly yes\nappendfsync always\nrequirepass {password}\ndaemonize no\n";
            process = processes.Start("Redis", log, new Dictionary<string, string>(), settings, "TERM", onLine: null, "redis-server", "-");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException("Redis is not installed. Install the package redis-server, and try again.");
        }

        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20, cancellationToken))
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync("127.0.0.1", int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
                return (process, $"redis://:{password}@127.0.0.1:{port}/0");
            }
            catch (SocketException) when (!process.HasEnded && patience.Elapsed < TimeSpan.FromSeconds(30))
            {
                // Not listening yet.
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"Redis does not start; {log} says why.");
            }
        }
    }
}
