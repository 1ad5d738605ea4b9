using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>Starts the servers of the comparison, each in a process of its own, all on loopback.</summary>
internal sealed class PeerServers(string root, string scratch) : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    public List<Peer> All { get; } = [];

    public Peer Mock()
    {
        var port = ChildProcess.FreePort();
        return Add(new Peer("direct (mock upstream)", ChildProcess.Start("mock", port, true, Nothing, Role("mock", port)), ChatTexts.Http(port)));
    }

    public Peer Yarp(Peer mock)
    {
        var port = ChildProcess.FreePort();
        var process = ChildProcess.Start("yarp", port, true, Nothing, [.. Role("yarp", port), Text(mock.Process.Port)]);
        return Add(new Peer("YARP pass-through", process, ChatTexts.Http(port)));
    }

    /// <summary>A server of a profile, for other tables: its port and a key of it.</summary>
    /// <param name="mock">The upstream.</param>
    /// <param name="name">Of its state directory; servers of one cluster share one.</param>
    /// <param name="durability">Of the log.</param>
    /// <param name="stores">What it works on; a file of its own without them.</param>
    /// <param name="key">A key there is; else one is made.</param>
    public (int Port, string Key) Start(Peer mock, string name, string durability, Cluster.ClusterStores? stores, string? key = null)
    {
        var port = ChildProcess.FreePort();
        var environment = Environment(mock, port, Path.Combine(scratch, "state-" + name), durability);
        if (stores is not null)
        {
            environment["DATABASE_URL"] = stores.Database;
            environment["REDIS_URL"] = stores.Redis;
        }

        key ??= Output(environment, "dotnet", ServerAssembly(), "keys", "create", "--name", "bench", "--scopes", "doors").Split('\n')[^1];
        var process = ChildProcess.Start("AgentGate", port, false, environment, "dotnet", ServerAssembly());
        Add(new Peer(name, process, []));
        return (port, key);
    }

    /// <summary>Our server as it is shipped: Release, default configuration but for the limit, which counts and is never reached, every guard, a durable log.</summary>
    public Peer AgentGate(Peer mock, string durability)
    {
        var port = ChildProcess.FreePort();
        var state = Path.Combine(scratch, "state-" + durability);
        var dll = ServerAssembly();
        var environment = Environment(mock, port, state, durability);
        var key = Output(environment, "dotnet", dll, "keys", "create", "--name", "bench", "--scopes", "doors").Split('\n')[^1];
        var process = ChildProcess.Start("AgentGate", port, false, environment, "dotnet", dll);
        return Add(new Peer($"AgentGate, log {durability}", process, ChatTexts.Http(port, "Authorization: Bearer " + key)));
    }

    private static Dictionary<string, string> Environment(Peer mock, int port, string state, string durability)
        => new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["AGENTGATE_HOST"] = "127.0.0.1",
            ["AGENTGATE_PORT"] = Text(port),
            ["AGENTGATE_STATE_DIR"] = state,
            ["AgentGate__Audit__Durability"] = durability,
            ["AgentGate__Policies__UseShippedDefault"] = "true",
            ["AgentGate__Limits__Rules__0__Name"] = "bench",
            ["AgentGate__Limits__Rules__0__Calls"] = "1000000000",
            ["AgentGate__Limits__Rules__0__Action"] = "callModel",
            ["AgentGate__Providers__mock__Kind"] = "OpenAI",
            ["AgentGate__Providers__mock__BaseUrl"] = $"http://127.0.0.1:{mock.Process.Port}/v1",
            ["AgentGate__Providers__mock__Models__0"] = ChatTexts.Model,
            [$"AgentGate__Budgets__Prices__{ChatTexts.Model}__Input"] = "0.15",
            [$"AgentGate__Budgets__Prices__{ChatTexts.Model}__Output"] = "0.6",
            ["AgentGate__Budgets__Rules__0__Name"] = "bench",
            ["AgentGate__Budgets__Rules__0__Per"] = "Key",
            ["AgentGate__Budgets__Rules__0__LimitUsd"] = "1000000",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "",
        };

    /// <summary>Portkey's gateway from npm, or why it is not there.</summary>
    public (Peer? Peer, string? Missing) Portkey(Peer mock)
    {
        var folder = Path.Combine(root, "benchmarks", "AgentGate.Benchmarks", "npm");
        try
        {
            if (!Directory.Exists(Path.Combine(folder, "node_modules", "@portkey-ai", "gateway")))
            {
                Console.Error.WriteLine("npm ci (Portkey's gateway) ...");
                Output(Nothing, "npm", "ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error");
            }

            var port = ChildProcess.FreePort();
            var environment = new Dictionary<string, string> { ["NODE_ENV"] = "production" };
            var process = ChildProcess.Start(
                "Portkey", port, true, environment, "node", Path.Combine(folder, "portkey.mjs"), $"--port={Text(port)}", "--headless");
            var peer = new Peer("Portkey gateway 1.15.2", process, ChatTexts.Http(
                port,
                "Authorization: Bearer none",
                "x-portkey-provider: openai",
                $"x-portkey-custom-host: http://127.0.0.1:{mock.Process.Port}/v1"));
            return (Add(peer), null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return (null, exception.Message);
        }
    }

    public void Dispose() => All.ForEach(peer => peer.Dispose());

    private Peer Add(Peer peer)
    {
        All.Add(peer);
        return peer;
    }

    private static string[] Role(string role, int port)
        => ["dotnet", Assembly.GetExecutingAssembly().Location, "role", role, Text(port)];

    /// <summary>The server's own output folder, where its settings and its run-time configuration lie.</summary>
    private static string ServerAssembly()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(output.Parent!.Parent!.FullName, "AgentGate.Server", output.Name, "AgentGate.Server.dll");
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: build src/AgentGate.Server first.");
    }

    private static string Output(IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var info = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0
            ? text
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {errors.Result}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
