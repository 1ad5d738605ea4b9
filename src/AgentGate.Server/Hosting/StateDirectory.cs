using System.Security.Cryptography;

namespace AgentGate.Server.Hosting;

/// <summary>The directory that holds the server's state: database, keys, secrets. Readable by its owner alone.</summary>
/// <remarks>
/// A server with a database file of its own holds its directory locked: a second one would write into the same log. Servers of a
/// cluster may share one: each holds the lock together with the others, so that what needs the directory alone is refused.
/// </remarks>
internal sealed class StateDirectory : IDisposable
{
    /// <summary>The file that marks a directory as ours. <c>--fresh</c> deletes no directory without it.</summary>
    public const string MarkerName = ".agentgate-state";

    private const string LockName = "server.lock";
    private const string KeysLockName = "keys.lock";

    private static readonly TimeSpan KeysPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan KeysPatience = TimeSpan.FromMinutes(1);

    private const UnixFileMode OwnerDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream? _lock;

    private StateDirectory(string path, FileStream? held) => (Path, _lock) = (path, held);

    /// <summary>The absolute path.</summary>
    public string Path { get; }

    public string Database => File("agentgate.db");

    public string LogKey => File("log.key");

    public string SigningKeys => File("signing.keys");

    public string Checkpoints => File("checkpoints");

    public string VaultKey => File("vault.key");

    public string DemoKey => File("demo.key");

    /// <summary>Opens the directory, creating it where it does not exist.</summary>
    /// <param name="path">The path, relative to the working directory or absolute.</param>
    /// <param name="fresh">Whether to delete what an earlier server left there.</param>
    /// <param name="serve">Whether a server is to run on it, alone. Otherwise a command looks at it, beside a server if there is one.</param>
    /// <param name="shared">Whether other servers of a cluster may run on it, too.</param>
    /// <exception cref="InvalidOperationException">The directory is not ours or in use; the message says what to do.</exception>
    public static StateDirectory Open(string path, bool fresh, bool serve = true, bool shared = false)
    {
        var full = System.IO.Path.GetFullPath(path);
        var marker = System.IO.Path.Combine(full, MarkerName);
        if (Directory.Exists(full) && !System.IO.File.Exists(marker) && Directory.EnumerateFileSystemEntries(full).Any())
        {
            throw new InvalidOperationException(
                $"AG7002: {full} exists and is not an AgentGate state directory (no {MarkerName} in it). "
                + "Choose another with AGENTGATE_STATE_DIR, or empty it yourself.");
        }

        if (fresh && Directory.Exists(full))
        {
            // Held for a moment only, to see that nobody uses what is about to go.
            Hold(full).Dispose();
            Directory.Delete(full, recursive: true);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(full);
        }
        else
        {
            // An empty directory that was there keeps the mode it was made with.
            Directory.CreateDirectory(full, OwnerDirectory);
            System.IO.File.SetUnixFileMode(full, OwnerDirectory);
        }

        if (!System.IO.File.Exists(marker))
        {
            Mark(marker);
        }

        return new StateDirectory(full, serve ? Hold(full, shared) : null);
    }

    /// <summary>Lets the next server have the directory.</summary>
    public void Dispose() => _lock?.Dispose();

    /// <summary>
    /// Lets one process at a time make keys here, until the result is disposed: servers of a cluster that begin together make them
    /// once. Waits for the others.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another process holds them for too long.</exception>
    public async Task<IDisposable> HoldKeysAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        for (var since = time.GetTimestamp(); ; await Task.Delay(KeysPause, time, cancellationToken))
        {
            try
            {
                return Lock(Path, KeysLockName, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(since) < KeysPatience)
            {
                // Another server is making them.
            }
            catch (IOException taken)
            {
                throw new InvalidOperationException($"AG7005: another process has been at the keys in {Path} for {KeysPatience.TotalSeconds} s. Stop it and try again.", taken);
            }
        }
    }

    /// <summary>Marks the directory as ours. Another server may be doing the same.</summary>
    private static void Mark(string marker)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = OwnerFile;
            }

            using var stream = new FileStream(marker, options);
            stream.Write("This directory belongs to an AgentGate server. ./run demo --fresh may delete it.\n"u8);
        }
        catch (IOException) when (System.IO.File.Exists(marker))
        {
            // It did.
        }
    }

    /// <summary>On Unix these are flock(2): shared where opened to read with others, exclusive where opened alone.</summary>
    private static FileStream Lock(string directory, string name, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        return new FileStream(System.IO.Path.Combine(directory, name), options);
    }

    private static FileStream Hold(string directory, bool shared = false)
    {
        try
        {
            return shared
                ? Lock(directory, LockName, FileAccess.Read, FileShare.Read)
                : Lock(directory, LockName, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new InvalidOperationException(
                $"AG7005: {directory} is in use by a running server. Stop that one, or choose another directory with AGENTGATE_STATE_DIR.", taken);
        }
    }

    /// <summary>Reads a secret, or makes one of 32 random bytes where the file does not exist.</summary>
    /// <exception cref="InvalidOperationException">The file cannot be used.</exception>
    public static byte[] Secret(string file)
    {
        if (!System.IO.File.Exists(file))
        {
            WriteOwned(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)) + "\n");
        }

        if (!OperatingSystem.IsWindows() && (System.IO.File.GetUnixFileMode(file) & ~OwnerFile) != 0)
        {
            throw new InvalidOperationException($"AG7003: {file} can be read by others than its owner; run chmod 600 on it, and consider the secret known.");
        }

        try
        {
            var secret = Convert.FromHexString(System.IO.File.ReadAllText(file).Trim());
            return secret.Length == 32 ? secret : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new InvalidOperationException($"AG7003: {file} does not hold 32 bytes in hexadecimal; restore it from a backup.");
        }
    }

    /// <summary>Writes a file for its owner alone. Half a file is never left: it is written beside and moved.</summary>
    public static void WriteOwned(string file, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        var beside = file + ".new";
        System.IO.File.Delete(beside);
        using (var stream = new FileStream(beside, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        System.IO.File.Move(beside, file, overwrite: true);
    }

    private string File(string name) => System.IO.Path.Combine(Path, name);
}
