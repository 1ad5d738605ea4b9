using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Storage.Audit;

namespace AgentGate.Cli.Database;

/// <summary>An embedded server's database file and what lies beside it in its state directory. Held until it is disposed: no server starts on it.</summary>
internal sealed class SourceFile : IDisposable
{
    private static readonly string[] s_keyFiles = ["log.key", "signing.keys", "vault.key", "checkpoints"];

    private readonly FileStream? _lock;

    private SourceFile(string path, FileStream? held) => (Path, _lock) = (path, held);

    /// <summary>The database file.</summary>
    public string Path { get; }

    /// <summary>The state directory.</summary>
    public string State => System.IO.Path.GetDirectoryName(Path)!;

    /// <summary>Takes the file for this process.</summary>
    /// <param name="path">The file, or the state directory it lies in.</param>
    /// <exception cref="UnusableInputException">It is not there, or a server runs on it.</exception>
    public static SourceFile Open(string path)
    {
        var full = System.IO.Path.GetFullPath(Directory.Exists(path) ? System.IO.Path.Combine(path, "agentgate.db") : path);
        if (!File.Exists(full))
        {
            throw new UnusableInputException($"{Codes.CopyRefused}: {full} does not exist. Name the file agentgate.db of a state directory.");
        }

        var held = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(full)!, "server.lock");
        try
        {
            // The lock of the server itself.
            return new SourceFile(full, File.Exists(held) ? new FileStream(held, FileMode.Open, FileAccess.ReadWrite, FileShare.None) : null);
        }
        catch (IOException)
        {
            throw new UnusableInputException($"{Codes.CopyRefused}: a server is running on {full}. Stop it, so that nothing is written after the copy, and repeat.");
        }
    }

    /// <summary>What the logs are checked with.</summary>
    public FsckMaterial Material()
    {
        var keys = File.Exists(In("signing.keys")) ? SigningKeyFile.Read(In("signing.keys")) : null;
        var chain = Environment.GetEnvironmentVariable(FileLogKeySource.EnvironmentName);
        return new FsckMaterial
        {
            ChainKeys = !string.IsNullOrEmpty(chain) ? FileLogKeySource.OpenFixed(chain) : File.Exists(In("log.key")) ? FileLogKeySource.OpenForReading(In("log.key")) : null,
            SigningKeys = keys?.Keys.Select(key => key.Public).ToList() ?? [],
            Name = keys?.Name,
            Checkpoints = new CheckpointFiles(In("checkpoints")).ReadAll(),
        };
    }

    /// <summary>The files of secrets that are there: servers need them, or the variables in their place.</summary>
    public IEnumerable<string> KeyFiles => s_keyFiles.Where(name => File.Exists(In(name)) || Directory.Exists(In(name)));

    public void Dispose() => _lock?.Dispose();

    private string In(string name) => System.IO.Path.Combine(State, name);
}
