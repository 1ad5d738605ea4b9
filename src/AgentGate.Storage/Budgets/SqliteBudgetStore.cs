using AgentGate.Budgets;

namespace AgentGate.Storage.Budgets;

/// <summary>Reads the sums that <see cref="BudgetPostings"/> keeps. Thread-safe.</summary>
internal sealed class SqliteBudgetStore(SqliteDatabase database) : IBudgetStore
{
    /// <summary>Sums of windows that long over are dropped.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(400);

    /// <summary>The longest window is a month.</summary>
    private static readonly TimeSpan LongestWindow = TimeSpan.FromDays(32);

    public IReadOnlyList<BudgetBalance> Load(DateTimeOffset now)
    {
        using var connection = database.Open();
        using var prune = connection.CreateCommand();
        prune.CommandText = "DELETE FROM budget_spent WHERE window_start > 0 AND window_start < $before";
        prune.Parameters.AddWithValue("$before", (now - KeptFor).ToUnixTimeMilliseconds());
        prune.ExecuteNonQuery();

        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT tenant, rule, subject, window_start, SUM(nano_usd) FROM (
                SELECT tenant, rule, subject, window_start, nano_usd FROM budget_spent
                UNION ALL
                SELECT tenant, rule, subject, window_start, nano_usd FROM budget_open)
            WHERE window_start = 0 OR window_start >= $since
            GROUP BY tenant, rule, subject, window_start
            """;
        command.Parameters.AddWithValue("$since", (now - LongestWindow).ToUnixTimeMilliseconds());
        using var reader = command.ExecuteReader();
        var balances = new List<BudgetBalance>();
        while (reader.Read())
        {
            balances.Add(new BudgetBalance(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
                reader.GetInt64(4)));
        }

        return balances;
    }
}
