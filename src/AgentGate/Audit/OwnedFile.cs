using System.Runtime.InteropServices;

namespace AgentGate.Audit;

/// <summary>Files for their owner alone that are never found half written. Thread-safe for different paths.</summary>
internal static partial class OwnedFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>
    /// Writes a file with mode 0600 beside its place, brings it to the disk and moves it there: after a power cut the old content
    /// is there or the new one.
    /// </summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var beside = path + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(beside, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Whether others than the owner may read or write a file. On Windows nobody asks.</summary>
    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0;

    /// <summary>Makes a move durable: on Unix the directory has to be synced for that, which the framework has no way to do.</summary>
    private static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var handle = Open(directory, 0);
        if (handle < 0)
        {
            throw new IOException($"The directory {directory} cannot be opened to bring it to the disk.");
        }

        var failed = FSync(handle) != 0;
        _ = Close(handle);
        if (failed)
        {
            throw new IOException($"The directory {directory} cannot be brought to the disk.");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int FSync(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int handle);
}
