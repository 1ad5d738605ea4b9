using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Witness;

/// <summary>
/// What a witness must never forget: the note it cosigned last for each origin, one file each, replaced as a whole and on disk before
/// <see cref="Put"/> returns. The folder belongs to one process at a time. Thread-safe for different origins.
/// </summary>
internal sealed class WitnessStore : IDisposable
{
    private const string LockName = "witness.lock";
    private const string Extension = ".note";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _folder;
    private readonly FileStream _lock;
    private readonly NoteKey _witness;

    private WitnessStore(string folder, FileStream held, NoteKey witness) => (_folder, _lock, _witness) = (folder, held, witness);

    /// <summary>Opens the folder, making it where it is missing.</summary>
    /// <exception cref="UnusableInputException">Another process holds it, or it cannot be used.</exception>
    public static WitnessStore Open(string folder, NoteKey witness)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var held = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new WitnessStore(folder, held, witness);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException(
                $"{folder} cannot be used, or another witness runs on it ({exception.Message}). Two processes with one key would cosign two histories.");
        }
    }

    /// <summary>The SHA-256 of an origin in hexadecimal: its name in files and addresses.</summary>
    public static string HashOf(string origin) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)));

    /// <summary>The note cosigned last for an origin, or <see langword="null"/>.</summary>
    /// <exception cref="UnusableInputException">The file is not a note this witness cosigned: going on could mean to cosign a fork.</exception>
    public SignedNote? Find(string origin)
    {
        var path = PathOf(origin);
        if (!File.Exists(path))
        {
            return null;
        }

        if (SignedNote.TryParse(File.ReadAllBytes(path), out var note, out _) && note.Verify([_witness], out _)
            && Checkpoint.TryParse(note.Text.Span, out var checkpoint, out _) && checkpoint.Origin == origin)
        {
            return note;
        }

        throw new UnusableInputException(
            $"{path} is not a checkpoint of '{origin}' that '{_witness.Name}' cosigned. Restore the newest one that left this witness, or begin anew with another key.");
    }

    /// <summary>Replaces the note of an origin; on disk when this returns.</summary>
    /// <exception cref="IOException">It could not be stored; the old note stands.</exception>
    public void Put(string origin, SignedNote note)
    {
        var path = PathOf(origin);
        var written = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(written, options))
        {
            stream.Write(note.ToBytes());
            stream.Flush(flushToDisk: true);
        }

        File.Move(written, path, overwrite: true);
        SyncFolder();
    }

    public void Dispose() => _lock.Dispose();

    private string PathOf(string origin) => Path.Combine(_folder, HashOf(origin) + Extension);

    /// <summary>A rename is on disk when its folder is; the framework opens no folders, so the system is asked.</summary>
    private void SyncFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int ReadOnly = 0;
        var descriptor = NativeMethods.Open(_folder, ReadOnly);
        try
        {
            if (descriptor < 0 || NativeMethods.Sync(descriptor) != 0)
            {
                throw new IOException($"{_folder} could not be synchronised (error {Marshal.GetLastPInvokeError()}).");
            }
        }
        finally
        {
            if (descriptor >= 0)
            {
                _ = NativeMethods.Close(descriptor);
            }
        }
    }

    private static class NativeMethods
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Sync(int descriptor);

        [DllImport("libc", EntryPoint = "close")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Close(int descriptor);
    }
}
