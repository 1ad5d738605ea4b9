using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>What an append has to know before its entries can be chained; all of it comes back in one round trip.</summary>
/// <param name="Logs">The logs to lock, and from where on their entries are wanted; <see cref="long.MaxValue"/> for none.</param>
/// <param name="Calls">Calls that will be closed.</param>
/// <param name="Subjects">Principals whose evidence will be stored.</param>
internal sealed record AppendRequest(
    IReadOnlyList<LogPosition> Logs,
    IReadOnlyList<(string Tenant, string CallId)> Calls,
    IReadOnlyList<(string Tenant, string Principal)> Subjects)
{
    /// <summary>What records ask for.</summary>
    public static AppendRequest Of(IReadOnlyList<LogPosition> logs, IReadOnlyList<DecisionRecord> records) => new(
        logs,
        [.. records.Where(static r => r.Entry is { Kind: EntryKind.Outcome, CallId: not null }).Select(static r => (r.Entry.Tenant, r.Entry.CallId!))],
        [.. records.Where(static r => r.Evidence?.Epoch is not null).Select(static r => (r.Entry.Tenant, r.Evidence!.Principal)).Distinct()]);
}
