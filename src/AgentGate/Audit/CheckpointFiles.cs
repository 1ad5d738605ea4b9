using System.Security.Cryptography;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Audit;

/// <summary>
/// The newest signed checkpoint of each log, in a file of its own beside the database: whoever replaces the database by an older
/// one has to find these, too. On the disk before anybody else sees the checkpoint. Thread-safe for different origins.
/// </summary>
internal sealed class CheckpointFiles(string directory)
{
    private const string Extension = ".note";

    /// <summary>Every file, with what it says.</summary>
    /// <exception cref="InvalidOperationException">A file cannot be read; the message names it and the way out.</exception>
    public IReadOnlyList<(string Path, SignedNote Note, Checkpoint Checkpoint)> ReadAll()
    {
        var found = new List<(string, SignedNote, Checkpoint)>();
        var paths = Directory.Exists(directory) ? Directory.GetFiles(directory, "*" + Extension) : [];
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var bytes = new FileInfo(path).Length <= SignedNote.LengthMax ? File.ReadAllBytes(path) : [];
            if (!SignedNote.TryParse(bytes, out var note, out _) || !Checkpoint.TryParse(note.Text.Span, out var checkpoint, out _))
            {
                throw new InvalidOperationException(
                    $"{Codes.CheckpointFileUnusable}: {path} is not a signed checkpoint. Restore it from a backup; it keeps the log from being shortened unseen.");
            }

            found.Add((path, note, checkpoint));
        }

        return found;
    }

    /// <summary>Puts a checkpoint in the place of the former one, durably.</summary>
    public void Write(string origin, ReadOnlySpan<byte> note)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        else
        {
            Directory.CreateDirectory(directory);
        }

        OwnedFile.Write(PathOf(origin), note);
    }

    /// <summary>The file of a log: named by a hash, since a tenant's name need not be one for files.</summary>
    public string PathOf(string origin)
        => Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(origin)).AsSpan(0, 16)) + Extension);
}
