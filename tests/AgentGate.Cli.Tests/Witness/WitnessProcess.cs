using System.Diagnostics;

namespace AgentGate.Cli.Tests.Witness;

/// <summary><c>agentgate witness run</c> as a process of its own, on a port the system chose.</summary>
internal sealed class WitnessProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private WitnessProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public static async Task<WitnessProcess> StartAsync(params string[] args)
    {
        var process = Start(args);
        using var late = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(late.Token) is { } line)
        {
            if (line.Split("listening on ") is [_, var rest])
            {
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return new WitnessProcess(process, new Uri(rest.Split(',')[0] + "/"));
            }
        }

        throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(late.Token));
    }

    /// <summary>Runs one that should not come up.</summary>
    public static async Task<(int Exit, string Error)> FailAsync(params string[] args)
    {
        using var process = Start(args);
        using var late = new CancellationTokenSource(Patience);
        var error = await process.StandardError.ReadToEndAsync(late.Token);
        await process.WaitForExitAsync(late.Token);
        return (process.ExitCode, error);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static Process Start(string[] args)
    {
        // Beside this project's own output: artifacts/bin/<project>/<configuration>.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "AgentGate.Cli", own.Name, "AgentGate.Cli.dll");
        var info = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in (string[])["exec", program, "witness", .. args])
        {
            info.ArgumentList.Add(arg);
        }

        return Process.Start(info)!;
    }
}
