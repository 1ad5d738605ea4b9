using System.Diagnostics;

namespace AgentGate.E2E.Tests;

/// <summary>The server as a person starts it: a process of its own, in the development environment, on a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;

    private ServerProcess(Process process, string directory, string url, string link)
        => (_process, _directory, Url, Link) = (process, directory, url, link);

    public string Url { get; }

    /// <summary>The address by a name: passkeys are for sites that have one.</summary>
    public string NamedUrl => Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    /// <summary>The sign-in link as it was printed.</summary>
    public string Link { get; }

    public string Key => File.ReadAllText(Path.Combine(_directory, "demo.key")).Trim();

    /// <summary>The state directory.</summary>
    public string State => _directory;

    public static async Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var directory = Path.Combine(Path.GetTempPath(), "agentgate-e2e-" + Guid.NewGuid().ToString("N"));
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "AgentGate.Server.dll"));
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["AGENTGATE_PORT"] = "0";
        start.Environment["AGENTGATE_HOST"] = "127.0.0.1";
        start.Environment["AGENTGATE_STATE_DIR"] = directory;
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var (url, link, said) = ("", "", new List<string>());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!said.Contains("Ctrl+C stops it.") && await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            url = line.StartsWith("AgentGate listens on ", StringComparison.Ordinal) ? line.Split(' ')[3] : url;
            link = line.Contains("/sign-in?ticket=", StringComparison.Ordinal) ? line.Trim() : link;
        }

        Assert.True(url.Length > 0 && link.Length > 0, string.Join('\n', said) + (process.HasExited ? await errors : null));

        // A full pipe would stop the server's logging.
        _ = process.StandardOutput.ReadToEndAsync();
        return new ServerProcess(process, directory, url, link);
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
