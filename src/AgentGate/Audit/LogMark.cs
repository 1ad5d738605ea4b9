namespace AgentGate.Audit;

/// <summary>One entry as it was stored: its place and its chain value, by which nothing else is taken for it.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Seq">Its number.</param>
/// <param name="Hash">Its chain value.</param>
internal readonly record struct LogMark(string Tenant, long Seq, ReadOnlyMemory<byte> Hash);
