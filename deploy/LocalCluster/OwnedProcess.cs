using System.Diagnostics;
using System.Globalization;

namespace LocalCluster;

/// <summary>
/// A program that this one started, and that ends with it: in a session of its own, so that Ctrl-C reaches it through here and in
/// order. Its words go to a file that its owner alone reads. Not thread-safe.
/// </summary>
internal sealed class OwnedProcess : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);
    private static readonly Dictionary<string, string> s_nothing = [];

    private readonly Process _process;
    private readonly string _terminate;
    private readonly Task _words;

    private OwnedProcess(string name, Process process, string terminate, Task words)
        => (Name, _process, _terminate, _words, Identity) = (name, process, terminate, words, Invariant($"{process.Id} {StartOf(process.Id)} {terminate}"));

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>What it ended with.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Its number and when it started, enough to know it again, and the signal that asks it to end.</summary>
    public string Identity { get; }

    /// <summary>Ends when it does.</summary>
    public Task Ended => _process.WaitForExitAsync();

    /// <summary>Starts a program.</summary>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="logFile">Where its words go.</param>
    /// <param name="environment">Variables for it alone.</param>
    /// <param name="terminate">The signal that asks it to end.</param>
    /// <param name="onLine">Sees each line of its output.</param>
    /// <param name="command">The program and its arguments.</param>
    public static OwnedProcess Start(
        string name, string logFile, IReadOnlyDictionary<string, string> environment, string terminate, Action<string>? onLine, params IReadOnlyList<string> command)
    {
        string[] all = File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid", .. command] : [.. command];
        var log = TextWriter.Synchronized(new StreamWriter(OpenLog(logFile)) { AutoFlush = true });
        try
        {
            var process = Process.Start(Prepare(environment, all))!;
            var words = Task.WhenAll(PumpAsync(process.StandardOutput, log, onLine), PumpAsync(process.StandardError, log, null)).ContinueWith(_ => log.Dispose(), TaskScheduler.Default);
            return new OwnedProcess(name, process, terminate, words);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <param name="environment">Variables for it alone.</param>
    /// <param name="input">What it reads from its standard input: arguments can be seen by everybody.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <exception cref="InvalidOperationException">It failed; the message holds its words.</exception>
    public static async Task RunAsync(IReadOnlyDictionary<string, string> environment, string? input, CancellationToken cancellationToken, params IReadOnlyList<string> command)
    {
        using var process = Process.Start(Prepare(environment, command))!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        Write(process, input);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(Invariant($"{Path.GetFileName(command[0])} ended with {process.ExitCode}: {await output}{await error}"));
        }
    }

    /// <summary>
    /// Ends what an earlier run left behind because it was killed: only a process whose number and start are the same. It is asked as
    /// it would have been, and killed when it does not heed.
    /// </summary>
    /// <exception cref="InvalidOperationException">It cannot be ended.</exception>
    public static async Task EndLeftoverAsync(string identity, TimeSpan? patience = null)
    {
        if (identity.Split(' ') is not [var number, var started, .. var signal] || !int.TryParse(number, CultureInfo.InvariantCulture, out var id) || started == "0")
        {
            return;
        }

        foreach (var next in new[] { signal is [var named] ? named : "TERM", "KILL" })
        {
            if (StartOf(id) != started)
            {
                return;
            }

            await SignalAsync(next, number);
            for (var watch = Stopwatch.StartNew(); StartOf(id) == started && watch.Elapsed < (patience ?? s_patience);)
            {
                await Task.Delay(20);
            }
        }

        if (StartOf(id) == started)
        {
            throw new InvalidOperationException($"The process {number}, left behind by an earlier run, does not end. End it, and try again.");
        }
    }

    /// <summary>Says something to its standard input, and that there is no more.</summary>
    public void Say(string? input) => Write(_process, input);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await SignalAsync(_terminate, Invariant($"{_process.Id}"));
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

        // What it started itself may still hold the pipe.
        await Task.WhenAny(_words, Task.Delay(TimeSpan.FromSeconds(2)));
        _process.Dispose();
    }

    private static ProcessStartInfo Prepare(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return start;
    }

    private static void Write(Process process, string? input)
    {
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; whoever waits for it says why.
        }
    }

    private static async Task SignalAsync(string signal, string number)
    {
        try
        {
            await RunAsync(s_nothing, null, CancellationToken.None, "kill", "-" + signal, number);
        }
        catch (InvalidOperationException)
        {
            // It ended just now, or is not ours to end: whoever waits for it sees which.
        }
    }

    private static FileStream OpenLog(string path)
    {
        var log = new FileStream(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, UnixCreateMode = OwnerOnly });

        // Of an earlier version, too: sign-in links lie in it.
        File.SetUnixFileMode(path, OwnerOnly);
        return log;
    }

    private static async Task PumpAsync(StreamReader reader, TextWriter log, Action<string>? onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            onLine?.Invoke(line);
            await log.WriteLineAsync(line);
        }
    }

    /// <summary>The 22nd field of /proc/PID/stat (proc(5)): when the process started. "0" where nothing says so, or where it has ended and nobody asked how.</summary>
    private static string StartOf(int id)
    {
        try
        {
            var text = File.ReadAllText(Invariant($"/proc/{id}/stat"));
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? "0" : fields[19];
        }
        catch (IOException)
        {
            return "0";
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
