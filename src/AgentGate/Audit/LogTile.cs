namespace AgentGate.Audit;

/// <summary>A tile of a log's tree as it is stored: level, position within it, 1 to 256 hashes of 32 bytes.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Level">0 for leaf hashes; those are stored only once there are 256.</param>
/// <param name="Index">The position within the level, from 0.</param>
/// <param name="Hashes">The hashes; where the batch lends them, good only until the append that takes it returns.</param>
internal readonly record struct LogTile(string Tenant, int Level, long Index, ReadOnlyMemory<byte> Hashes);
