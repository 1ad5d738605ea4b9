using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace LocalCluster;

/// <summary>
/// Where the demo cluster keeps what it needs: <c>cluster</c> in the state directory of the demo. It holds that directory as the
/// embedded demo does, so that the two never run on it at once.
/// </summary>
internal sealed class DemoFolder : IDisposable
{
    private const string Marker = ".agentgate-state";
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Others may pass, and list nothing: the user <c>postgres</c> reaches its own files.</summary>
    private const UnixFileMode Passable = Owner | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly FileStream _lock;

    private DemoFolder(string state, FileStream held) => (State, _lock) = (state, held);

    /// <summary>The state directory of the demo.</summary>
    public string State { get; }

    /// <summary>The demo cluster's own folder.</summary>
    public string Root => Path.Combine(State, "cluster");

    /// <summary>The state directory of the servers: their keys.</summary>
    public string Keys => Path.Combine(Root, "state");

    /// <summary>Where README's commands look for the demo key.</summary>
    public string DemoKey => Path.Combine(State, "demo.key");

    private string Started => Path.Combine(Root, "started");

    /// <summary>Takes the folder.</summary>
    /// <param name="state">The state directory.</param>
    /// <param name="fresh">Whether to begin anew.</param>
    /// <exception cref="InvalidOperationException">It is not ours, or in use.</exception>
    public static async Task<DemoFolder> OpenAsync(string state, bool fresh)
    {
        var marker = Path.Combine(state, Marker);
        if (Directory.Exists(state) && !File.Exists(marker) && Directory.EnumerateFileSystemEntries(state).Any())
        {
            throw new InvalidOperationException($"{state} exists and is not an AgentGate state directory (no {Marker} in it). Choose another with AGENTGATE_STATE_DIR.");
        }

        Directory.CreateDirectory(state, Owner);
        if (!File.Exists(marker))
        {
            await File.WriteAllTextAsync(marker, "This directory belongs to an AgentGate server. ./run demo --fresh may delete it.\n");
        }

        var folder = new DemoFolder(state, Hold(state));
        try
        {
            await folder.EndLeftoversAsync();
            if (fresh && Directory.Exists(folder.Root))
            {
                Directory.Delete(folder.Root, recursive: true);
            }

            // The folder of the servers' keys stays closed: its mode is theirs.
            var mode = Environment.UserName == "root" ? Passable : Owner;
            Directory.CreateDirectory(folder.Root, mode);
            File.SetUnixFileMode(state, mode);
            File.SetUnixFileMode(folder.Root, mode);
            return folder;
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>A password of the demo's own, made once.</summary>
    public string Secret(string name)
    {
        var path = Path.Combine(Root, name + ".secret");
        if (!File.Exists(path))
        {
            using var stream = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
            stream.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24))));
        }

        return File.ReadAllText(path).Trim();
    }

    /// <summary>A file in the folder.</summary>
    public string In(string name) => Path.Combine(Root, name);

    /// <summary>Remembers what was started, for a next run after this one was killed.</summary>
    public void Remember(IEnumerable<OwnedProcess> processes)
    {
        // Whole or not at all: the program may be killed now.
        File.WriteAllLines(Started + ".new", processes.Select(process => process.Identity));
        File.Move(Started + ".new", Started, overwrite: true);
    }

    /// <summary>Forgets it: everything has been stopped.</summary>
    public void Forget() => File.Delete(Started);

    /// <summary>A port nobody listens on now.</summary>
    public static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string state)
    {
        try
        {
            return new FileStream(
                Path.Combine(state, "server.lock"),
                new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        catch (IOException)
        {
            throw new InvalidOperationException($"{state} is in use by a running demo. Stop that one, or choose another directory with AGENTGATE_STATE_DIR.");
        }
    }

    private async Task EndLeftoversAsync()
    {
        if (File.Exists(Started))
        {
            // Servers first, as they were started last.
            foreach (var identity in (await File.ReadAllLinesAsync(Started)).Reverse())
            {
                await OwnedProcess.EndLeftoverAsync(identity);
            }

            Forget();
        }
    }
}
