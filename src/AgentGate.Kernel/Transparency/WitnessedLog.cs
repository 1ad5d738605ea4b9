namespace AgentGate.Kernel.Transparency;

/// <summary>What a witness remembers of a log: the checkpoint it cosigned last.</summary>
/// <param name="Size">Its size.</param>
/// <param name="Root">Its root: 32 bytes.</param>
public sealed record WitnessedLog(long Size, ReadOnlyMemory<byte> Root)
{
    /// <summary>A log the witness has not cosigned yet: the empty tree, which every tree continues.</summary>
    public static WitnessedLog Never { get; } = new(0, MerkleHash.Empty.ToArray());
}
