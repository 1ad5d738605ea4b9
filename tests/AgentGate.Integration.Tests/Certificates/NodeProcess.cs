using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>A safety node as people run it: the command line in a process of its own, on a free port of the loopback.</summary>
internal sealed partial class NodeProcess : IAsyncDisposable
{
    private readonly Process _process;

    private NodeProcess(Process process, string nodeId, string url, string publicKey)
        => (_process, NodeId, Url, PublicKey) = (process, nodeId, url, publicKey);

    public string NodeId { get; }

    public string Url { get; }

    /// <summary>A JSON Web Key, as the node printed it.</summary>
    public string PublicKey { get; }

    /// <summary>Starts a node and waits until it listens.</summary>
    public static async Task<NodeProcess> StartAsync(string nodeId, string folder, params string[] more)
    {
        string[] args = ["node", "run", "--node-id", nodeId, "--key", Path.Combine(folder, nodeId + ".key"), "--listen", "127.0.0.1:0", .. more, .. more.Length == 0 ? ["--trust-any-policies"] : Array.Empty<string>()];
        var process = Process.Start(new ProcessStartInfo("dotnet", [Program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (url, key) = ("", "");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            url = Listening().Match(line) is { Success: true } listening ? listening.Groups[1].Value : url;
            if (PublicKeyLine().Match(line) is { Success: true } found)
            {
                key = found.Groups[1].Value;
                break;
            }
        }

        if (key.Length == 0)
        {
            throw new InvalidOperationException($"The node does not start: {await process.StandardError.ReadToEndAsync()}");
        }

        // Read on, so that the node never waits for a reader.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null);
        return new NodeProcess(process, nodeId, url, key);
    }

    /// <summary>Runs one command to its end.</summary>
    public static async Task<(int Exit, string Output)> RunAsync(params string[] args)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", [Program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, faults) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await faults);
    }

    /// <summary>The id of its key.</summary>
    public string KeyId
    {
        get
        {
            using var key = JsonDocument.Parse(PublicKey);
            return key.RootElement.GetProperty("kid").GetString()!;
        }
    }

    /// <summary>Kills it, as a machine that is gone.</summary>
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
    }

    private static string Program
    {
        get
        {
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            var program = Path.Combine(own.Parent!.Parent!.FullName, "AgentGate.Cli", own.Name, "AgentGate.Cli.dll");
            return File.Exists(program) ? program : throw new InvalidOperationException($"{program} is not built.");
        }
    }

    [GeneratedRegex(@"listening on (http://127\.0\.0\.1:\d+)")]
    private static partial Regex Listening();

    [GeneratedRegex(@"public key (\{.+\})")]
    private static partial Regex PublicKeyLine();
}
