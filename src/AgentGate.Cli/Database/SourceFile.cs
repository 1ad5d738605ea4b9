using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Signing;
using AgentGate.Storage.Audit;

namespace AgentGate.Cli.Database;

/// <summary>An embedded server's database file and what lies beside it in its state directory. Held until it is disposed: no server starts on it.</summary>
internal sealed class SourceFile : IDisposable
{
    private const string NameVariable = "AgentGate__Signing__Name";
    private const string AlgorithmVariable = "AgentGate__Signing__Algorithm";

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

    /// <summary>What the logs are checked with: the keys beside the file, or in the variables that servers take them from.</summary>
    /// <param name="withoutKeys">Whether what no key is there for may go unchecked.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <exception cref="UnusableInputException">Keys are missing: chain and signatures would go unchecked.</exception>
    public FsckMaterial Material(bool withoutKeys, Func<string, string?> environment)
    {
        var file = File.Exists(In("signing.keys")) ? SigningKeyFile.Read(In("signing.keys")) : null;
        var chain = environment(FileLogKeySource.EnvironmentName);
        var material = new FsckMaterial
        {
            ChainKeys = !string.IsNullOrEmpty(chain) ? FileLogKeySource.OpenFixed(chain) : File.Exists(In("log.key")) ? FileLogKeySource.OpenForReading(In("log.key")) : null,
            SigningKeys = [.. (file?.Keys.Select(key => key.Public) ?? []).Concat(FromEnvironment(environment)).Distinct()],
            Name = file?.Name ?? environment(NameVariable),
            Checkpoints = new CheckpointFiles(In("checkpoints")).ReadAll(),
        };
        string[] missing =
        [
            .. material.ChainKeys is null ? [$"the chain key ({In("log.key")}, or {FileLogKeySource.EnvironmentName})"] : Array.Empty<string>(),
            .. material.KnowsNoteKeys ? Array.Empty<string>() : [$"the signing keys and their name ({In("signing.keys")}, or {FileSigningKeys.EnvironmentName} and {NameVariable})"],
        ];
        return withoutKeys || missing.Length == 0
            ? material
            : throw new UnusableInputException(
                $"{Codes.CopyRefused}: {string.Join(" and ", missing)} are not there, so that nobody could say whether the log is whole. "
                + "Put them there and repeat, or copy unchecked with --without-keys. Nothing was kept.");
    }

    /// <summary>The files of secrets that are there: servers need them, or the variables in their place.</summary>
    public IEnumerable<string> KeyFiles => s_keyFiles.Where(name => File.Exists(In(name)) || Directory.Exists(In(name)));

    public void Dispose() => _lock?.Dispose();

    private static IEnumerable<VerificationKey> FromEnvironment(Func<string, string?> environment)
    {
        if (environment(FileSigningKeys.EnvironmentName) is not { Length: > 0 } secret)
        {
            return [];
        }

        var algorithm = Enum.TryParse<SignatureAlgorithm>(environment(AlgorithmVariable), ignoreCase: true, out var named) ? named : SignatureAlgorithm.Ed25519;
        using var key = SigningSecret.FromEnvironment(FileSigningKeys.EnvironmentName, secret, algorithm);
        return [key.PublicKey];
    }

    private string In(string name) => System.IO.Path.Combine(State, name);
}
