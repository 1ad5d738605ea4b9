using AgentGate.Kernel.Transparency;
using Npgsql;

namespace AgentGate.Storage.Cluster.Budgets;

/// <summary>
/// Keeps the log's own sums of money inside the log's transaction: an intent opens its reservations, an outcome puts its charges in their
/// place. The ledger is held against them. Whoever appends holds the tenants' heads, so that no two appends change the same sum.
/// </summary>
internal static class LedgerPostings
{
    /// <summary>Adds what the entries of one batch post; nothing where they carry no money.</summary>
    public static void Add(NpgsqlBatch commands, IEnumerable<LogEntryBody> entries)
    {
        Dictionary<(string Tenant, string CallId, string Rule), (string Subject, long Window, long Nano)> opened = [];
        Dictionary<(string Tenant, string Rule, string Subject, long Window), long> spent = [];
        HashSet<(string Tenant, string CallId)> closed = [];
        HashSet<(string Tenant, string CallId)> unknown = [];
        foreach (var body in entries)
        {
            if (body is { Kind: EntryKind.Intent, CallId: { } intent })
            {
                foreach (var posting in body.Budgets.IsDefault ? [] : body.Budgets)
                {
                    opened[(body.Tenant, intent, posting.Rule)] = (posting.Subject, posting.Window.ToUnixTimeMilliseconds(), posting.NanoUsd);
                }
            }
            else if (body is { Kind: EntryKind.Outcome, CallId: { } outcome } && !body.Budgets.IsDefaultOrEmpty)
            {
                foreach (var posting in body.Budgets)
                {
                    Spend((body.Tenant, posting.Rule, posting.Subject, posting.Window.ToUnixTimeMilliseconds()), posting.NanoUsd);
                }

                Close(body.Tenant, outcome);
            }
            else if (body is { Kind: EntryKind.Outcome, Outcome: OutcomeKind.Unknown, CallId: { } lost })
            {
                // The intent could not be read back, so that its reservations are known here alone, or in this batch.
                foreach (var (key, value) in opened.Where(one => one.Key.Tenant == body.Tenant && one.Key.CallId == lost))
                {
                    Spend((key.Tenant, key.Rule, value.Subject, value.Window), value.Nano);
                }

                Close(body.Tenant, lost);
                unknown.Add((body.Tenant, lost));
            }
        }

        AddTo(commands, opened, spent, closed, unknown);

        void Spend((string Tenant, string Rule, string Subject, long Window) key, long nano)
        {
            if (nano > 0)
            {
                spent[key] = spent.GetValueOrDefault(key) + nano;
            }
        }

        void Close(string tenant, string call)
        {
            closed.Add((tenant, call));
            foreach (var key in opened.Keys.Where(key => key.Tenant == tenant && key.CallId == call).ToArray())
            {
                opened.Remove(key);
            }
        }
    }

    private static void AddTo(
        NpgsqlBatch commands,
        Dictionary<(string Tenant, string CallId, string Rule), (string Subject, long Window, long Nano)> opened,
        Dictionary<(string Tenant, string Rule, string Subject, long Window), long> spent,
        HashSet<(string Tenant, string CallId)> closed,
        HashSet<(string Tenant, string CallId)> unknown)
    {
        if (unknown.Count > 0)
        {
            Add(
                commands,
                """
                INSERT INTO budget_spent AS s (tenant, rule, subject, window_start, nano_usd)
                SELECT o.tenant, o.rule, o.subject, o.window_start, sum(o.nano_usd) FROM budget_open o JOIN unnest($1, $2) k (tenant, call_id) USING (tenant, call_id)
                GROUP BY 1, 2, 3, 4
                ON CONFLICT (tenant, rule, subject, window_start) DO UPDATE SET nano_usd = s.nano_usd + excluded.nano_usd
                """,
                unknown.Select(call => call.Tenant).ToArray(),
                unknown.Select(call => call.CallId).ToArray());
        }

        if (spent.Count > 0)
        {
            Add(
                commands,
                """
                INSERT INTO budget_spent AS s (tenant, rule, subject, window_start, nano_usd) SELECT * FROM unnest($1, $2, $3, $4, $5)
                ON CONFLICT (tenant, rule, subject, window_start) DO UPDATE SET nano_usd = s.nano_usd + excluded.nano_usd
                """,
                spent.Keys.Select(key => key.Tenant).ToArray(),
                spent.Keys.Select(key => key.Rule).ToArray(),
                spent.Keys.Select(key => key.Subject).ToArray(),
                spent.Keys.Select(key => key.Window).ToArray(),
                spent.Values.ToArray());
        }

        if (closed.Count > 0)
        {
            // A database that broke down may lose what is open; that a call was charged is said and not concluded from its absence.
            Add(
                commands,
                "INSERT INTO budget_posted (tenant, call_id) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING",
                closed.Select(call => call.Tenant).ToArray(),
                closed.Select(call => call.CallId).ToArray());
            Add(
                commands,
                "DELETE FROM budget_open o USING unnest($1, $2) k (tenant, call_id) WHERE o.tenant = k.tenant AND o.call_id = k.call_id",
                closed.Select(call => call.Tenant).ToArray(),
                closed.Select(call => call.CallId).ToArray());
        }

        if (opened.Count > 0)
        {
            Add(
                commands,
                """
                INSERT INTO budget_open AS o (tenant, call_id, rule, subject, window_start, nano_usd) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
                ON CONFLICT (tenant, call_id, rule) DO UPDATE SET subject = excluded.subject, window_start = excluded.window_start, nano_usd = excluded.nano_usd
                """,
                opened.Keys.Select(key => key.Tenant).ToArray(),
                opened.Keys.Select(key => key.CallId).ToArray(),
                opened.Keys.Select(key => key.Rule).ToArray(),
                opened.Values.Select(value => value.Subject).ToArray(),
                opened.Values.Select(value => value.Window).ToArray(),
                opened.Values.Select(value => value.Nano).ToArray());
        }
    }

    private static void Add(NpgsqlBatch commands, string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        commands.BatchCommands.Add(command);
    }
}
