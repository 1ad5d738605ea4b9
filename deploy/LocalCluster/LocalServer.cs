namespace LocalCluster;

/// <summary>One of the demo's servers, in the development environment.</summary>
internal static class LocalServer
{
    private const string Listens = "AgentGate listens on ";

    /// <summary>What it is told. Empty where the terminal's own environment must not reach it: the demo migrates its own database and no other.</summary>
    public static IReadOnlyDictionary<string, string> Settings(string keys, string database, string redis) => new Dictionary<string, string>
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Development",
        ["DOTNET_ENVIRONMENT"] = "Development",
        ["AGENTGATE_HOST"] = "127.0.0.1",
        ["AGENTGATE_PORT"] = "0",
        ["AGENTGATE_STATE_DIR"] = keys,
        ["AGENTGATE_PROFILE"] = "cluster",
        ["AGENTGATE_RUNTIME_PROFILE"] = "",
        ["DATABASE_URL"] = database,
        ["DATABASE_OWNER_URL"] = "",
        ["REDIS_URL"] = redis,
        ["AgentGate__Limits__Servers"] = "2",
    };

    /// <summary>Starts one and waits until it listens.</summary>
    /// <returns>The process, its address, and the sign-in link it printed, if it did.</returns>
    public static async Task<(OwnedProcess Process, string Url, string? Link)> StartAsync(DemoFolder folder, string assembly, string name, string database, string redis, StartedProcesses processes, CancellationToken cancellationToken)
    {
        var (listening, welcomed) = (new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
        var log = folder.In(name + ".log");
        var process = processes.Start(
            name,
            log,
            Settings(folder.Keys, database, redis),
            input: null,
            "TERM",
            line =>
            {
                if (line.StartsWith(Listens, StringComparison.Ordinal))
                {
                    listening.TrySetResult(line[Listens.Length..].Split(' ')[0]);
                }
                else if (line.Contains("/sign-in?ticket=", StringComparison.Ordinal))
                {
                    welcomed.TrySetResult(line.Trim());
                }
            },
            "dotnet",
            assembly);
        if (await Task.WhenAny(listening.Task, process.Ended).WaitAsync(cancellationToken) != listening.Task)
        {
            var words = (await File.ReadAllLinesAsync(log, cancellationToken)).TakeLast(12);
            throw new InvalidOperationException($"{name} does not start:\n{string.Join('\n', words)}");
        }

        // It follows at once.
        await Task.WhenAny(welcomed.Task, Task.Delay(TimeSpan.FromSeconds(5), cancellationToken));
        return (process, await listening.Task, welcomed.Task.IsCompleted ? await welcomed.Task : null);
    }
}
