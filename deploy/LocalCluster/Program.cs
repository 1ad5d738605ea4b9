using System.Globalization;
using System.Runtime.InteropServices;
using LocalCluster;

// A cluster on one machine, to look at: PostgreSQL and Redis of its own, two servers, a load balancer. Everything listens on
// loopback and ends with this program. `./run demo --profile cluster` builds and starts it.
if (args is not ["--server", var assembly, .. var rest] || rest is not ([] or ["--fresh"]))
{
    Console.Error.WriteLine("usage: LocalCluster --server AgentGate.Server.dll [--fresh]        (./run demo --profile cluster)");
    return 2;
}

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Stop);

var port = Environment.GetEnvironmentVariable("AGENTGATE_PORT") is { Length: > 0 } set ? set : "8000";
var host = Environment.GetEnvironmentVariable("AGENTGATE_HOST") is { Length: > 0 } named ? named : "localhost";
var state = Path.GetFullPath(Environment.GetEnvironmentVariable("AGENTGATE_STATE_DIR") is { Length: > 0 } directory ? directory : "data");
try
{
    // What is declared later ends earlier: the load balancer, the servers, what they need, and the folder is free at last.
    using var folder = await DemoFolder.OpenAsync(state, fresh: rest is ["--fresh"]);
    await using var processes = new StartedProcesses(folder);
    Say("starting PostgreSQL and Redis ...");
    var (_, database) = await LocalPostgres.StartAsync(folder, processes, stop.Token);
    var (_, counters) = await LocalRedis.StartAsync(folder, processes, stop.Token);
    Say("starting two servers ...");
    var servers = await Task.WhenAll(
        LocalServer.StartAsync(folder, assembly, "server-1", database, counters, processes, stop.Token),
        LocalServer.StartAsync(folder, assembly, "server-2", database, counters, processes, stop.Token));
    await using var proxy = await RoundRobinProxy.StartAsync(string.Create(CultureInfo.InvariantCulture, $"http://{(port == "0" && host == "localhost" ? "127.0.0.1" : host)}:{port}"), [.. servers.Select(server => server.Url)]);
    File.Copy(Path.Combine(folder.Keys, "demo.key"), folder.DemoKey, overwrite: true);
    Welcome(folder, proxy.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal), servers[0].Url, servers[0].Link, servers[1].Url);

    var running = processes.Running.ToList();
    while (!stop.IsCancellationRequested)
    {
        await Task.WhenAny([.. running.Select(process => process.Ended), Task.Delay(Timeout.Infinite, stop.Token)]);
        foreach (var process in running.Where(process => process.HasEnded && !stop.IsCancellationRequested).ToList())
        {
            Say($"{process.Name} has ended; its log in {folder.Root} says why. The rest goes on; Ctrl+C stops it.");
            running.Remove(process);
        }
    }

    return 0;
}
catch (Exception) when (stop.IsCancellationRequested)
{
    // Stopped while it started: nothing of it is left.
    return 0;
}
catch (Exception refused) when (refused is InvalidOperationException or IOException)
{
    Console.Error.WriteLine($"The demo cluster does not start.\n{refused.Message}");
    return 1;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}

static void Welcome(DemoFolder folder, string url, string first, string? link, string second)
{
    Say($$"""
        AgentGate listens on {{url}}: a load balancer before {{first}} and {{second}},
        which share one PostgreSQL and one Redis. State and logs: {{folder.Root}}

        This is the DEVELOPMENT environment: the shipped policy set and the demo key are in force.
        Demo key: {{File.ReadAllText(folder.DemoKey).Trim()}}
                  (also in {{folder.DemoKey}})

        Try it: the model never sees the number, the answer holds it.

          curl -s {{url}}/v1/chat/completions \
            -H "Authorization: Bearer $(cat {{folder.DemoKey}})" -H 'content-type: application/json' \
            -d '{"model":"demo-echo","messages":[{"role":"user","content":"My SSN is 123-45-6789"}]}'

        What left, and what each guard said, whichever server was asked:

          curl -s {{url}}/api/traces/latest -H "Authorization: Bearer $(cat {{folder.DemoKey}})"

        See it: {{(link is null ? "a sign-in link is in " + folder.In("server-1.log") : url + link[first.Length..])}}

        Ctrl+C stops all of it.
        """);
}

static void Say(string text) => Console.Out.WriteLine(text);
