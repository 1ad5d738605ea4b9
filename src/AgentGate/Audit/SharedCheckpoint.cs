namespace AgentGate.Audit;

/// <summary>What is stored of a log's checkpoints.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Signed">The newest signed note; empty where there is none.</param>
/// <param name="Published">The newest published note; empty where there is none.</param>
internal sealed record SharedCheckpoint(string Tenant, ReadOnlyMemory<byte> Signed, ReadOnlyMemory<byte> Published);
