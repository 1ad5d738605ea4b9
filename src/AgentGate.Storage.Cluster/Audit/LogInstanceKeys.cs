namespace AgentGate.Storage.Cluster.Audit;

/// <summary>The ids of the keys a process uses for the log; empty where it has none.</summary>
/// <param name="Chain">The chain key's id.</param>
/// <param name="Signing">The signing key's id.</param>
/// <param name="Name">The installation's name.</param>
internal readonly record struct LogInstanceKeys(string Chain, string Signing, string Name);
