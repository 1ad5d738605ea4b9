using System.Globalization;
using System.Text;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Audit;

/// <summary>An audit query as SQL over the authenticated text of the entries. Values are always parameters.</summary>
internal static class AuditQuerySql
{
    private static readonly string[] SearchedPaths =
        ["$.principal", "$.action", "$.resource.id", "$.code", "$.door", "$.call_id", "$.detail"];

    public static SqliteCommand Build(SqliteConnection connection, AuditQuery query)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder("SELECT seq, entry, hash FROM log_entries WHERE tenant = $tenant");
        command.Parameters.AddWithValue("$tenant", query.Tenant);

        if (query.BeforeSeq is { } before)
        {
            sql.Append(" AND seq < $before");
            command.Parameters.AddWithValue("$before", before);
        }

        var conditions = new List<string>();

        void Where(string condition, string parameter, object? value)
        {
            if (value is not null)
            {
                conditions.Add(condition);
                command.Parameters.AddWithValue(parameter, value);
            }
        }

        Where("entry ->> '$.kind' = $kind", "$kind", query.Kind is { } kind ? LogEntryWords.Of(kind) : null);
        Where("entry ->> '$.principal' = $principal", "$principal", query.Principal);
        Where("entry ->> '$.resource.id' = $resource", "$resource", query.Resource);
        Where("entry ->> '$.action' = $action", "$action", query.Action);
        Where("entry ->> '$.code' = $code", "$code", query.Code);
        Where("entry ->> '$.at' >= $since", "$since", query.Since is { } since ? Time(since) : null);
        Where("entry ->> '$.at' < $until", "$until", query.Until is { } until ? Time(until) : null);
        var any = string.Join(" OR ", SearchedPaths.Select(path => $"entry ->> '{path}' LIKE $search ESCAPE '\\'"));
        Where($"({any})", "$search", query.Search is { } text ? Pattern(text) : null);
        sql.Append(OrUnreadable(conditions));

        command.CommandText = sql.Append(" ORDER BY seq DESC LIMIT $limit").ToString();
        command.Parameters.AddWithValue("$limit", query.Limit);
        return command;
    }

    /// <summary>The conditions, met also by an entry that is no longer JSON: what somebody spoiled must not hide behind a filter.</summary>
    public static string OrUnreadable(IReadOnlyCollection<string> conditions)
        => conditions.Count == 0 ? string.Empty : $" AND CASE WHEN json_valid(entry) THEN {string.Join(" AND ", conditions)} ELSE 1 END";

    /// <summary>A time as entries spell it: their order as text is their order in time.</summary>
    public static string Time(DateTimeOffset at)
        => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A part of a text as LIKE with the escape character \ finds it.</summary>
    public static string Pattern(string text)
        => "%" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal) + "%";
}
