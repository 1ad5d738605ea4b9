using System.Diagnostics;
using System.Globalization;

namespace LocalCluster;

/// <summary>
/// A program that this one started, and that ends with it: in a session of its own, so that Ctrl-C reaches it through here and in
/// order. Its words go to a file. Not thread-safe.
/// </summary>
internal sealed class OwnedProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly string _terminate;
    private readonly Task _words;

    private OwnedProcess(string name, Process process, string terminate, Task words) => (Name, _process, _terminate, _words) = (name, process, terminate, words);

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Its number and when it started: enough to know it again.</summary>
    public string Identity => Invariant($"{_process.Id} {StartOf(_process.Id)}");

    /// <summary>Ends when it does.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="logFile">Where its words go.</param>
    /// <param name="environment">Variables for it alone.</param>
    /// <param name="input">What it reads from its standard input: settings that hold secrets.</param>
    /// <param name="terminate">The signal that asks it to end.</param>
    /// <param name="onLine">Sees each line of its output.</param>
    /// <param name="command">The program and its arguments.</param>
    public static OwnedProcess Start(
        string name, string logFile, IReadOnlyDictionary<string, string> environment, string? input, string terminate, Action<string>? onLine, params IReadOnlyList<string> command)
    {
        string[] all = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", .. command] : [.. command];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var log = TextWriter.Synchronized(new StreamWriter(logFile, append: true) { AutoFlush = true });
        var words = Task.WhenAll(PumpAsync(process.StandardOutput, log, onLine), PumpAsync(process.StandardError, log, null)).ContinueWith(_ => log.Dispose(), TaskScheduler.Default);
        return new OwnedProcess(name, process, terminate, words);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds its words.</exception>
    public static async Task RunAsync(IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(Invariant($"{Path.GetFileName(command[0])} ended with {process.ExitCode}: {await output}{await error}"));
        }
    }

    /// <summary>Ends what an earlier run left behind because it was killed: only a process whose number and start are the same.</summary>
    public static async Task EndLeftoverAsync(string identity)
    {
        if (identity.Split(' ') is [var number, var started] && int.TryParse(number, CultureInfo.InvariantCulture, out var id) && StartOf(id) == started && started != "0")
        {
            using var process = Process.GetProcessById(id);
            await RunAsync(new Dictionary<string, string>(), "kill", "-TERM", number);
            using var patience = new CancellationTokenSource(s_patience);
            await process.WaitForExitAsync(patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await RunAsync(new Dictionary<string, string>(), "kill", "-" + _terminate, Invariant($"{_process.Id}"));
            using var patience = new CancellationTokenSource(s_patience);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _words;
        _process.Dispose();
    }

    private static async Task PumpAsync(StreamReader reader, TextWriter log, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine?.Invoke(line);
            await log.WriteLineAsync(line);
        }
    }

    /// <summary>The 22nd field of /proc/PID/stat (proc(5)): when the process started. "0" where nothing says so.</summary>
    private static string StartOf(int id)
    {
        try
        {
            var text = File.ReadAllText(Invariant($"/proc/{id}/stat"));
            return text[(text.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "0";
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
