using AgentGate.Audit;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>What the locking round trip of an append brought back.</summary>
/// <param name="instance">The process that appends.</param>
internal sealed class LockedLogs(string instance)
{
    public string Instance => instance;

    public List<LogGrowth> Logs { get; } = [];

    /// <summary>Those of the calls that are open.</summary>
    public HashSet<(string Tenant, string CallId)> Open { get; } = [];

    /// <summary>The subjects' keys, wrapped.</summary>
    public Dictionary<(string Tenant, string Principal), (string KeyId, byte[] Wrapped)> Keys { get; } = [];
}
