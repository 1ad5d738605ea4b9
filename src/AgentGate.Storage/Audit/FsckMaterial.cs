using AgentGate.Audit;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Storage.Audit;

/// <summary>What a check of logs has beside the database. Everything may be absent; less is checked then, and the report says so.</summary>
internal sealed record FsckMaterial
{
    /// <summary>The chain keys; without them the chain is not checked.</summary>
    public ILogKeySource? ChainKeys { get; init; }

    /// <summary>Public keys of the installation.</summary>
    public IReadOnlyList<VerificationKey> SigningKeys { get; init; } = [];

    /// <summary>The installation's name: with it <see cref="SigningKeys"/> are the keys of its checkpoints.</summary>
    public string? Name { get; init; }

    /// <summary>Further named keys of checkpoints.</summary>
    public IReadOnlyList<NoteKey> NoteKeys { get; init; } = [];

    /// <summary>Whether signatures of checkpoints can be checked.</summary>
    public bool KnowsNoteKeys => NoteKeys.Count > 0 || (Name is not null && SigningKeys.Count > 0);

    /// <summary>Checkpoints the logs must contain.</summary>
    public IReadOnlyList<(string Source, SignedNote Note, Checkpoint Checkpoint)> Checkpoints { get; init; } = [];

    /// <summary>Receives a line now and then.</summary>
    public Action<string>? Progress { get; init; }
}
