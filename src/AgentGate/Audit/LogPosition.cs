namespace AgentGate.Audit;

/// <summary>How much of a log a process knows.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="After">The entries behind this number are wanted.</param>
internal readonly record struct LogPosition(string Tenant, long After);
