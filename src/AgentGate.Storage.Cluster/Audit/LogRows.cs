using System.Text;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>The rows of a batch as SQL: one statement for each table, its rows as arrays.</summary>
internal static class LogRows
{
    /// <summary>A statement with positional parameters. A single array has to be cast to an object, or each of its items becomes a parameter.</summary>
    public static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    public static NpgsqlBatchCommand Entries(AuditBatch batch)
    {
        var count = batch.Entries.Count;
        var (tenants, seqs, entries, hashes) = (new string[count], new long[count], new string[count], new byte[count][]);
        for (var i = 0; i < count; i++)
        {
            var entry = batch.Entries[i];
            (tenants[i], seqs[i], entries[i], hashes[i]) = (entry.Body.Tenant, entry.Head.Seq, Encoding.UTF8.GetString(entry.Canonical.Span), entry.Head.Hash.ToArray());
        }

        return Command("INSERT INTO log_entries (tenant, seq, entry, hash) SELECT * FROM unnest($1, $2, $3, $4)", tenants, seqs, entries, hashes);
    }

    public static NpgsqlBatchCommand Heads(AuditBatch batch)
    {
        var heads = batch.Heads.ToArray();
        return Command(
            "UPDATE log_heads h SET seq = u.seq, hash = u.hash FROM unnest($1, $2, $3) u (tenant, seq, hash) WHERE h.tenant = u.tenant",
            heads.Select(static head => head.Key).ToArray(),
            heads.Select(static head => head.Value.Seq).ToArray(),
            heads.Select(static head => head.Value.Hash.ToArray()).ToArray());
    }

    /// <summary>The places of those entries that are not there as they were.</summary>
    public static NpgsqlBatchCommand Missing(IReadOnlyList<LogMark> entries) => Command(
        """
        SELECT (u.place - 1)::int FROM unnest($1, $2, $3) WITH ORDINALITY u (tenant, seq, hash, place)
        WHERE NOT EXISTS (SELECT FROM log_entries e WHERE e.tenant = u.tenant AND e.seq = u.seq AND e.hash = u.hash) ORDER BY u.place
        """,
        entries.Select(static entry => entry.Tenant).ToArray(),
        entries.Select(static entry => entry.Seq).ToArray(),
        entries.Select(static entry => entry.Hash.ToArray()).ToArray());

    /// <summary>Adds what opened and what closed; a call that did both in this batch leaves no trace.</summary>
    public static void AddIntents(NpgsqlBatch commands, AuditBatch batch, string instance)
    {
        var opened = new Dictionary<(string Tenant, string CallId), long>();
        var closed = new HashSet<(string Tenant, string CallId)>();
        foreach (var entry in batch.Entries)
        {
            if (entry.Body is { Kind: EntryKind.Intent, CallId: { } open, Tenant: var tenant })
            {
                opened.TryAdd((tenant, open), entry.Head.Seq);
            }
            else if (entry.Body is { Kind: EntryKind.Outcome, CallId: { } close, Tenant: var of } && !opened.Remove((of, close)))
            {
                closed.Add((of, close));
            }
        }

        if (closed.Count > 0)
        {
            commands.BatchCommands.Add(Command(
                "DELETE FROM log_open_intents o USING unnest($1, $2) k (tenant, call_id) WHERE o.tenant = k.tenant AND o.call_id = k.call_id",
                closed.Select(static call => call.Tenant).ToArray(),
                closed.Select(static call => call.CallId).ToArray()));
        }

        if (opened.Count > 0)
        {
            commands.BatchCommands.Add(Command(
                "INSERT INTO log_open_intents (tenant, call_id, seq, instance) SELECT t, c, s, $4 FROM unnest($1, $2, $3) u (t, c, s) ON CONFLICT (tenant, call_id) DO NOTHING",
                opened.Keys.Select(static call => call.Tenant).ToArray(),
                opened.Keys.Select(static call => call.CallId).ToArray(),
                opened.Values.ToArray(),
                instance));
        }
    }

    public static NpgsqlBatchCommand Tiles(IReadOnlyList<LogTile> tiles) => Command(
        "INSERT INTO log_tiles (tenant, level, idx, hashes) SELECT * FROM unnest($1, $2, $3, $4) ON CONFLICT (tenant, level, idx) DO UPDATE SET hashes = EXCLUDED.hashes",
        tiles.Select(static tile => tile.Tenant).ToArray(),
        tiles.Select(static tile => tile.Level).ToArray(),
        tiles.Select(static tile => tile.Index).ToArray(),
        tiles.Select(static tile => tile.Hashes.ToArray()).ToArray());
}
