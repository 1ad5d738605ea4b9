using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Audit;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Budgets;

/// <summary>
/// Keeps the sums of the budgets beside the log, inside the log's own transaction: an intent opens its reservations, an
/// outcome puts its charges in their place. Not thread-safe: the log's appender owns it.
/// </summary>
internal sealed class BudgetPostings(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _open = new(
        connection,
        "INSERT OR REPLACE INTO budget_open (tenant, call_id, rule, subject, window_start, nano_usd) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    private readonly SqliteStatement _spend = new(
        connection,
        "INSERT INTO budget_spent (tenant, rule, subject, window_start, nano_usd) VALUES (?1, ?2, ?3, ?4, ?5) "
        + "ON CONFLICT (tenant, rule, subject, window_start) DO UPDATE SET nano_usd = nano_usd + ?5");

    // "WHERE true" lets SQLite tell the upsert's ON from a join's.
    private readonly SqliteStatement _spendOpen = new(
        connection,
        "INSERT INTO budget_spent (tenant, rule, subject, window_start, nano_usd) "
        + "SELECT tenant, rule, subject, window_start, nano_usd FROM budget_open WHERE tenant = ?1 AND call_id = ?2 AND true "
        + "ON CONFLICT (tenant, rule, subject, window_start) DO UPDATE SET nano_usd = nano_usd + excluded.nano_usd");

    private readonly SqliteStatement _close = new(connection, "DELETE FROM budget_open WHERE tenant = ?1 AND call_id = ?2");

    /// <summary>Applies what an entry carries.</summary>
    public void Apply(LogEntryBody body)
    {
        if (body.CallId is not { } callId)
        {
            return;
        }

        if (body.Kind == EntryKind.Intent)
        {
            foreach (var posting in body.Budgets)
            {
                _open.BindText(1, body.Tenant);
                _open.BindText(2, callId);
                _open.BindText(3, posting.Rule);
                _open.BindText(4, posting.Subject);
                _open.Bind(5, posting.Window.ToUnixTimeMilliseconds());
                _open.Bind(6, posting.NanoUsd);
                _open.Run();
            }
        }
        else if (body.Kind == EntryKind.Outcome && !body.Budgets.IsDefaultOrEmpty)
        {
            foreach (var posting in body.Budgets)
            {
                if (posting.NanoUsd > 0)
                {
                    _spend.BindText(1, body.Tenant);
                    _spend.BindText(2, posting.Rule);
                    _spend.BindText(3, posting.Subject);
                    _spend.Bind(4, posting.Window.ToUnixTimeMilliseconds());
                    _spend.Bind(5, posting.NanoUsd);
                    _spend.Run();
                }
            }

            RunFor(_close, body.Tenant, callId);
        }
        else if (body is { Kind: EntryKind.Outcome, Outcome: OutcomeKind.Unknown })
        {
            // The intent could not be read back, so that its reservations are known here alone.
            RunFor(_spendOpen, body.Tenant, callId);
            RunFor(_close, body.Tenant, callId);
        }
    }

    public void Dispose()
    {
        _open.Dispose();
        _spend.Dispose();
        _spendOpen.Dispose();
        _close.Dispose();
    }

    private static void RunFor(SqliteStatement statement, string tenant, string callId)
    {
        statement.BindText(1, tenant);
        statement.BindText(2, callId);
        statement.Run();
    }
}
