using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace AgentGate.Loopback;

/// <summary>
/// Real servers for the tests: started on free ports of loopback when the first test asks, and exactly those are stopped at the end.
/// Where one is not installed, its tests are skipped; under <c>CI=true</c> they fail.
/// </summary>
public sealed class LoopbackServers : IAsyncDisposable
{
    private static readonly SemaphoreSlim s_starting = new(1, 1);
    private static PostgresServer? s_postgres;
    private static RedisServer? s_redis;

    /// <summary>The PostgreSQL server that the tests of this process share. Each test makes a database of its own in it; what is in it need not outlive the machine.</summary>
    public static Task<PostgresServer> PostgresAsync() => OnceAsync(() => s_postgres, async () => s_postgres = await PostgresServer.StartAsync("fsync=off"));

    /// <summary>The Redis server that the tests of this process share. Each test has its own prefix or database number.</summary>
    public static Task<RedisServer> RedisAsync() => OnceAsync(() => s_redis, async () => s_redis = await RedisServer.StartAsync());

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref s_postgres, null) is { } postgres)
        {
            await postgres.DisposeAsync();
        }

        if (Interlocked.Exchange(ref s_redis, null) is { } redis)
        {
            await redis.DisposeAsync();
        }
    }

    /// <summary>A port nobody listens on now.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where a program lies; where it lies nowhere, the test is skipped, or fails under CI.</summary>
    internal static string Find(string program, params string[] folders)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(folders)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{program} is not installed.");
        }

        return path ?? throw new InvalidOperationException($"{program} is not installed, and CI has none to skip.");
    }

    /// <summary>Runs a program to its end.</summary>
    internal static async Task RunAsync(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output}{await error}");
        }
    }

    private static async Task<T> OnceAsync<T>(Func<T?> get, Func<Task<T>> start)
        where T : class
    {
        await s_starting.WaitAsync();
        try
        {
            return get() ?? await start();
        }
        finally
        {
            s_starting.Release();
        }
    }
}
