using System.Text;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Audit;
using AgentGate.Traces;
using Npgsql;

namespace AgentGate.Storage.Cluster.Traces;

/// <summary>The traces of a batch as SQL. Each tenant keeps its newest ones, whatever the others do. Not thread-safe: the appender owns it.</summary>
/// <param name="capacity">How many of each tenant are kept; up to a hundredth more lie there for a while.</param>
internal sealed class TraceRows(int capacity)
{
    private readonly Dictionary<string, int> _sincePruned = new(StringComparer.Ordinal);

    /// <summary>Adds the statements.</summary>
    public void Add(NpgsqlBatch commands, AuditBatch batch)
    {
        if (batch.Traces.Count == 0)
        {
            return;
        }

        // The last one of a call stands: a statement must not meet a row twice.
        var newest = new Dictionary<(string, string), CallTrace>();
        foreach (var trace in batch.Traces)
        {
            newest.Remove((trace.Tenant, trace.CallId));
            newest.Add((trace.Tenant, trace.CallId), trace);
        }

        var traces = batch.Traces.Where(trace => ReferenceEquals(newest[(trace.Tenant, trace.CallId)], trace)).ToArray();
        commands.BatchCommands.Add(LogRows.Command(
            """
            INSERT INTO traces (tenant, call_id, started_at, status, decision, action, resource, principal, door, body)
            SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (tenant, call_id) DO UPDATE SET
                id = EXCLUDED.id, started_at = EXCLUDED.started_at, status = EXCLUDED.status, decision = EXCLUDED.decision, action = EXCLUDED.action,
                resource = EXCLUDED.resource, principal = EXCLUDED.principal, door = EXCLUDED.door, body = EXCLUDED.body
            """,
            Column(static t => t.Tenant),
            Column(static t => t.CallId),
            traces.Select(static t => t.StartedAt.ToUnixTimeMilliseconds()).ToArray(),
            Column(TraceStatus.Of),
            Column(static t => LogEntryWords.Of((Kernel.Decisions.DecisionKind?)t.Decision)!),
            Column(static t => t.Action),

            // PostgreSQL's text holds no NUL, and one row must not stop the batch of everybody; the body has it escaped.
            Column(static t => t.Resource.Id.Replace('\0', '\uFFFD')),
            Column(static t => t.Principal),
            Column(static t => t.Door),
            Column(static t => Encoding.UTF8.GetString(TraceJson.Write(t)))));
        if (Due(traces) is { Length: > 0 } due)
        {
            commands.BatchCommands.Add(LogRows.Command(
                """
                DELETE FROM traces t USING unnest($1) u (tenant)
                WHERE t.tenant = u.tenant AND t.id <= (SELECT o.id FROM traces o WHERE o.tenant = u.tenant ORDER BY o.id DESC OFFSET $2 LIMIT 1)
                """,
                due,
                capacity));
        }

        string[] Column(Func<CallTrace, string> of) => [.. traces.Select(of)];
    }

    /// <summary>Counting who has too many costs as much as the bound is high: it is done once for each hundredth of it.</summary>
    private string[] Due(CallTrace[] traces)
    {
        var due = new List<string>();
        foreach (var group in traces.CountBy(static trace => trace.Tenant, StringComparer.Ordinal))
        {
            var count = _sincePruned.GetValueOrDefault(group.Key) + group.Value;
            _sincePruned[group.Key] = count % Math.Max(1, capacity / 100);
            if (count >= Math.Max(1, capacity / 100))
            {
                due.Add(group.Key);
            }
        }

        return [.. due];
    }
}
