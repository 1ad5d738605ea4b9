namespace LocalCluster;

/// <summary>One of the demo's servers, in the development environment.</summary>
internal static class LocalServer
{
    private const string Listens = "AgentGate listens on ";

    /// <summary>Starts one and waits until it listens.</summary>
    /// <returns>The process, its address, and the sign-in link it printed, if it did.</returns>
    public static async Task<(OwnedProcess Process, string Url, string? Link)> StartAsync(DemoFolder folder, string assembly, string name, string database, string redis)
    {
        var (listening, welcomed) = (new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously));
        var log = folder.In(name + ".log");
        var process = OwnedProcess.Start(
            name,
            log,
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["DOTNET_ENVIRONMENT"] = "Development",
                ["AGENTGATE_HOST"] = "127.0.0.1",
                ["AGENTGATE_PORT"] = "0",
                ["AGENTGATE_STATE_DIR"] = folder.Keys,
                ["AGENTGATE_PROFILE"] = "cluster",
                ["DATABASE_URL"] = database,
                ["REDIS_URL"] = redis,
                ["AgentGate__Limits__Servers"] = "2",
            },
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
        if (await Task.WhenAny(listening.Task, process.Ended) != listening.Task)
        {
            await process.DisposeAsync();
            var words = (await File.ReadAllLinesAsync(log)).TakeLast(12);
            throw new InvalidOperationException($"{name} does not start:\n{string.Join('\n', words)}");
        }

        // It follows at once.
        await Task.WhenAny(welcomed.Task, Task.Delay(TimeSpan.FromSeconds(5)));
        return (process, await listening.Task, welcomed.Task.IsCompleted ? await welcomed.Task : null);
    }
}
