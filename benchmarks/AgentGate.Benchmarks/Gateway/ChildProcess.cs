using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AgentGate.Benchmarks.Gateway;

/// <summary>
/// A server in a process of its own. It ends when this object is disposed, when the benchmark is interrupted, and when the
/// benchmark dies: each child ends with its standard input.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly Lock Guarding = new();
    private static readonly HashSet<Process> Running = [];
    private readonly Process _process;
    private readonly Queue<string> _lastWords = new();
    private int? _guarded;

    static ChildProcess()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();
        Console.CancelKeyPress += (_, _) => KillAll();
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => KillAll());
    }

    private ChildProcess(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <summary>The most memory the process had in use, in MiB.</summary>
    public double PeakMemory
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(_guarded ?? _process.Id);
                return process.PeakWorkingSet64 / 1048576.0;
            }
            catch (ArgumentException)
            {
                return 0;
            }
        }
    }

    /// <summary>The processor time the process has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            using var process = Process.GetProcessById(_guarded ?? _process.Id);
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a server and waits until it takes connections.</summary>
    /// <param name="name">Its name in messages.</param>
    /// <param name="port">The port it was told to listen on.</param>
    /// <param name="watchesInput">Whether it ends by itself with its standard input; else a shell sees to it.</param>
    /// <param name="environment">Variables for it alone.</param>
    /// <param name="command">The program and its arguments.</param>
    public static ChildProcess Start(
        string name, int port, bool watchesInput, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        string[] guarded = watchesInput || OperatingSystem.IsWindows()
            ? command
            : ["/bin/sh", "-c", "exec 3<&0; \"$@\" </dev/null & child=$!; echo \"pid $child\"; trap 'kill -KILL $child' TERM INT; read -r _ <&3; kill -KILL $child", "sh", .. command];
        var info = new ProcessStartInfo(guarded[0], guarded[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (key, value) in environment)
        {
            info.Environment[key] = value;
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException($"{name} did not start.");
        lock (Guarding)
        {
            Running.Add(process);
        }

        var child = new ChildProcess(process, port);
        process.OutputDataReceived += child.Keep;
        process.ErrorDataReceived += child.Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            child.WaitUntilReady(name);
            return child;
        }
        catch
        {
            child.Dispose();
            throw;
        }
    }

    /// <summary>A port of loopback that nobody uses at this moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        lock (Guarding)
        {
            Running.Remove(_process);
        }

        Kill(_process);
        _process.Dispose();
    }

    private static void KillAll()
    {
        lock (Guarding)
        {
            foreach (var process in Running)
            {
                Kill(process);
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit(5000);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    private void WaitUntilReady(string name)
    {
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(60) && !_process.HasExited)
        {
            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }

        lock (_lastWords)
        {
            throw new InvalidOperationException($"{name} did not become ready. Its last words:\n{string.Join('\n', _lastWords)}");
        }
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is ['p', 'i', 'd', ' ', .. var pid] && int.TryParse(pid, out var guarded))
        {
            _guarded = guarded;
            return;
        }

        lock (_lastWords)
        {
            _lastWords.Enqueue(line.Data ?? "");
            if (_lastWords.Count > 30)
            {
                _lastWords.Dequeue();
            }
        }
    }
}
