using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>The locking round trip of an append as SQL.</summary>
internal static class LockCommands
{
    /// <summary>Logs are locked in the order of their names, new ones made first: two processes never wait for each other in a circle.</summary>
    private const string Make =
        """
        INSERT INTO log_heads (tenant, seq, hash)
        SELECT t, 0, decode(repeat('00', 32), 'hex') FROM unnest($1) t ORDER BY t ON CONFLICT (tenant) DO NOTHING
        """;

    private const string Lock = "SELECT tenant, seq, hash FROM log_heads WHERE tenant = ANY ($1) ORDER BY tenant FOR UPDATE";

    private const string Instance = "SELECT FROM log_instances WHERE id = $1 AND ended_at IS NULL";

    private const string Growth =
        """
        SELECT k.tenant, e.seq, e.entry, e.hash FROM unnest($1, $2) k (tenant, after)
        CROSS JOIN LATERAL (SELECT seq, entry, hash FROM log_entries e WHERE e.tenant = k.tenant AND e.seq > k.after ORDER BY e.seq LIMIT $3) e
        ORDER BY k.tenant, e.seq
        """;

    private const string Open =
        "SELECT o.tenant, o.call_id FROM unnest($1, $2) k (tenant, call_id) JOIN log_open_intents o ON o.tenant = k.tenant AND o.call_id = k.call_id";

    /// <summary>Whoever erases a subject waits for the evidence that is being stored under its key, and erases that, too.</summary>
    private const string Keys =
        """
        SELECT s.tenant, s.principal, s.key_id, s.wrapped_key FROM unnest($1, $2) k (tenant, principal)
        JOIN subject_keys s ON s.tenant = k.tenant AND s.principal = k.principal FOR KEY SHARE OF s
        """;

    /// <summary>Adds the commands. Results: the heads, a row where the process is not ended, then growth, open calls and keys as far as asked for.</summary>
    /// <returns>Whether growth is among them.</returns>
    public static bool Add(NpgsqlBatch batch, AppendRequest request, string instance, int entriesMax)
    {
        var tenants = request.Logs.Select(static log => log.Tenant).ToArray();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        if (request.Logs.Any(static log => log.After is 0 or long.MaxValue))
        {
            batch.BatchCommands.Add(LogRows.Command(Make, (object)tenants));
        }

        batch.BatchCommands.Add(LogRows.Command(Lock, (object)tenants));
        batch.BatchCommands.Add(LogRows.Command(Instance, instance));
        var wanted = request.Logs.Where(static log => log.After != long.MaxValue).ToArray();
        if (wanted.Length > 0)
        {
            // Each statement sees what was committed when it begins: behind the lock that is everything.
            batch.BatchCommands.Add(LogRows.Command(
                Growth, wanted.Select(static log => log.Tenant).ToArray(), wanted.Select(static log => log.After).ToArray(), entriesMax + 1));
        }

        if (request.Calls.Count > 0)
        {
            batch.BatchCommands.Add(LogRows.Command(
                Open, request.Calls.Select(static call => call.Tenant).ToArray(), request.Calls.Select(static call => call.CallId).ToArray()));
        }

        if (request.Subjects.Count > 0)
        {
            batch.BatchCommands.Add(LogRows.Command(
                Keys, request.Subjects.Select(static subject => subject.Tenant).ToArray(), request.Subjects.Select(static subject => subject.Principal).ToArray()));
        }

        return wanted.Length > 0;
    }
}
