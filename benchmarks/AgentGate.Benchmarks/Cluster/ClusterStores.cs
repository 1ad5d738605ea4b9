using System.Diagnostics;
using System.Globalization;
using AgentGate.Benchmarks.Gateway;

namespace AgentGate.Benchmarks.Cluster;

/// <summary>A PostgreSQL (as it is shipped, fsync on) and a Redis of the benchmark's own, on free ports of the loopback.</summary>
internal sealed class ClusterStores : IDisposable
{
    private readonly ChildProcess _postgres;
    private readonly ChildProcess _redis;
    private readonly string _folder;

    public ClusterStores()
    {
        // Beside the temporary files and not in the repository, because PostgreSQL's own user has to get there.
        _folder = Directory.CreateTempSubdirectory("agentgate-bench-").FullName;
        var data = Path.Combine(_folder, "data");
        var bin = Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).Order(StringComparer.Ordinal).Last();
        if (Environment.UserName == "root")
        {
            Run("chown", "postgres", _folder);
        }

        Run(AsOwner(Path.Combine(bin, "initdb"), "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"));
        var (postgres, redis) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        _postgres = ChildProcess.Start(
            "PostgreSQL", postgres, false, new Dictionary<string, string>(),
            AsOwner(Path.Combine(bin, "postgres"), "-D", data, "-p", Text(postgres), "-k", _folder, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"));
        _redis = ChildProcess.Start(
            "Redis", redis, false, new Dictionary<string, string>(),
            "redis-server", "--port", Text(redis), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes", "--dir", _folder);
        (Database, Redis) = ($"postgresql://postgres@127.0.0.1:{Text(postgres)}/postgres", $"redis://127.0.0.1:{Text(redis)}");
    }

    /// <summary>As <c>DATABASE_URL</c> has it.</summary>
    public string Database { get; }

    /// <summary>As <c>REDIS_URL</c> has it.</summary>
    public string Redis { get; }

    /// <summary>What keeps it from running here, or <see langword="null"/>.</summary>
    public static string? Missing()
        => !Directory.Exists("/usr/lib/postgresql") ? "PostgreSQL is not installed (package postgresql)"
            : !OnPath("redis-server") ? "Redis is not installed (package redis-server)"
            : !OnPath("wrk") ? "wrk is not installed (package wrk)" : null;

    public void Dispose()
    {
        _postgres.Dispose();
        _redis.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool OnPath(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>PostgreSQL refuses to run as root.</summary>
    private static string[] AsOwner(params string[] command)
        => Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", .. command] : command;

    private static void Run(params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {output.Result}{errors.Result}");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
