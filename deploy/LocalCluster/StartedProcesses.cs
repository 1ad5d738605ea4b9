namespace LocalCluster;

/// <summary>
/// Everything the demo started. Each is on record from its start on, so that a start that fails, is cut off or is killed leaves nothing
/// behind, or nothing that the next one does not end. Thread-safe.
/// </summary>
internal sealed class StartedProcesses(DemoFolder folder) : IAsyncDisposable
{
    private readonly Lock _one = new();
    private readonly List<OwnedProcess> _running = [];

    /// <summary>What runs, or ran until it ended by itself, in the order of its start.</summary>
    public IReadOnlyList<OwnedProcess> Running
    {
        get
        {
            lock (_one)
            {
                return [.. _running];
            }
        }
    }

    /// <summary>Starts a program, on record.</summary>
    /// <inheritdoc cref="OwnedProcess.Start"/>
    public OwnedProcess Start(
        string name, string logFile, IReadOnlyDictionary<string, string> environment, string? input, string terminate, Action<string>? onLine, params IReadOnlyList<string> command)
    {
        lock (_one)
        {
            var process = OwnedProcess.Start(name, logFile, environment, terminate, onLine, command);
            _running.Add(process);
            folder.Remember(_running);
            process.Say(input);
            return process;
        }
    }

    /// <summary>Takes one that has ended off the record.</summary>
    public void Release(OwnedProcess process)
    {
        lock (_one)
        {
            _running.Remove(process);
            folder.Remember(_running);
        }
    }

    /// <summary>Ends the servers, then what they need, the last one first.</summary>
    public async ValueTask DisposeAsync()
    {
        List<OwnedProcess> all;
        lock (_one)
        {
            all = [.. _running];
            _running.Clear();
        }

        await Task.WhenAll(all.Where(IsServer).Select(process => process.DisposeAsync().AsTask()));
        foreach (var process in Enumerable.Reverse(all).Where(process => !IsServer(process)))
        {
            await process.DisposeAsync();
        }

        folder.Forget();
    }

    private static bool IsServer(OwnedProcess process) => process.Name.StartsWith("server", StringComparison.Ordinal);
}
