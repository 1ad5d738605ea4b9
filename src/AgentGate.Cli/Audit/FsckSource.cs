using AgentGate.Audit;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Audit;

namespace AgentGate.Cli.Audit;

/// <summary>Where <c>log fsck</c> finds what it needs. What is named on the command line wins over what lies in the state directory.</summary>
internal sealed record FsckSource(
    string? State, string? DatabaseFile, IReadOnlyList<string> Checkpoints, IReadOnlyList<string> OriginKeys, string? Keys, string? ChainKey)
{
    /// <summary>The database.</summary>
    /// <exception cref="UnusableInputException">None is named, or it is not there.</exception>
    public string Database()
    {
        var path = DatabaseFile ?? (State is null ? throw new UnusableInputException("Name a state directory (--state) or a database file (--database).") : In("agentgate.db"));
        return IsUrl(path) || File.Exists(path) ? path : throw new UnusableInputException($"{path} does not exist.");
    }

    /// <summary>Whether a database is one of PostgreSQL.</summary>
    public static bool IsUrl(string database)
        => database.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase) || database.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the rest.</summary>
    public FsckMaterial Read(Action<string> progress)
    {
        var stored = State is not null && File.Exists(In("signing.keys")) ? SigningKeyFile.Read(In("signing.keys")) : null;
        var published = Keys is not null ? File.ReadAllBytes(Keys) : null;
        var signing = published is not null ? JsonWebKeys.Read(published) : stored?.Keys.Select(key => key.Public).ToList() ?? [];
        return new FsckMaterial
        {
            ChainKeys = ReadChainKeys(),
            SigningKeys = signing,
            Name = published is not null && JsonWebKeys.ReadPublished(published).FirstOrDefault(static key => key.Uses.HasFlag(KeyUses.Checkpoints))?.NoteName is { } name ? name : stored?.Name,
            NoteKeys = [.. OriginKeys.Select(NoteKey.Parse)],
            Checkpoints = [.. ReadCheckpoints()],
            Progress = progress,
        };
    }

    private ILogKeySource? ReadChainKeys()
    {
        var path = ChainKey ?? (State is null ? null : In("log.key"));
        var set = ChainKey is null ? Environment.GetEnvironmentVariable(FileLogKeySource.EnvironmentName) : null;
        return !string.IsNullOrEmpty(set) ? FileLogKeySource.OpenFixed(set)
            : path is not null && (ChainKey is not null || File.Exists(path)) ? FileLogKeySource.OpenForReading(path)
            : null;
    }

    private IEnumerable<(string Source, SignedNote Note, Checkpoint Checkpoint)> ReadCheckpoints()
    {
        foreach (var path in Checkpoints)
        {
            var note = SignedNote.Parse(File.ReadAllBytes(path));
            yield return (path, note, Checkpoint.Parse(note.Text.Span));
        }

        foreach (var found in State is null ? [] : new CheckpointFiles(In("checkpoints")).ReadAll())
        {
            yield return found;
        }
    }

    private string In(string name) => Path.Combine(State!, name);
}
