using System.Diagnostics;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>A server as a process of its own, that a test can kill.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, string url)
    {
        (_process, Url) = (process, url);
        Http = new HttpClient { BaseAddress = new Uri(url) };
    }

    public string Url { get; }

    /// <summary>A client without a key.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts a server in the development environment and waits until it listens.</summary>
    /// <exception cref="InvalidOperationException">It did not start; the message is what it said.</exception>
    public static async Task<ServerProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileName(path).StartsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentGate.Server.dll"));
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["AGENTGATE_HOST"] = "127.0.0.1";
        foreach (var (name, value) in settings.Where(setting => setting.Key != "AGENTGATE_PORT").Append(new("AGENTGATE_PORT", settings.GetValueOrDefault("AGENTGATE_PORT", "0"))))
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("AgentGate listens on ", StringComparison.Ordinal))
            {
                _ = KeepAsync(process);
                return new ServerProcess(process, line.Split(' ')[3]);
            }
        }

        throw new InvalidOperationException("The server does not start: " + await errors);
    }

    /// <summary>What servers write, in the folder that <c>AGENTGATE_TEST_LOGS</c> names, for who looks for the cause of a failure.</summary>
    private static async Task KeepAsync(Process process)
    {
        var folder = Environment.GetEnvironmentVariable("AGENTGATE_TEST_LOGS");
        await using var file = string.IsNullOrEmpty(folder) ? Stream.Null : File.Create(Path.Combine(folder, $"server-{process.Id}.log"));
        await process.StandardOutput.BaseStream.CopyToAsync(file);
    }

    /// <summary>Kills it, as a lost machine would.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        Http.Dispose();
    }
}
