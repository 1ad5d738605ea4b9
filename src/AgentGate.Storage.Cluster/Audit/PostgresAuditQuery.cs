using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Storage.Audit;
using Npgsql;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>An audit query as SQL over the authenticated text of the entries. Values are always parameters.</summary>
internal static class PostgresAuditQuery
{
    private const string Matches = " AND agentgate_entry_matches(entry, $4, $5, $6, $7, $8, $9, $10, $11)";

    public static NpgsqlCommand Build(NpgsqlConnection connection, AuditQuery query)
    {
        var isFiltered = query is not { Kind: null, Principal: null, Resource: null, Action: null, Code: null, Search: null, Since: null, Until: null };
        var command = new NpgsqlCommand(
            $"SELECT seq, entry, hash FROM log_entries WHERE tenant = $1 AND seq < $2{(isFiltered ? Matches : string.Empty)} ORDER BY seq DESC LIMIT $3", connection);
        command.Parameters.Add(new() { Value = query.Tenant });
        command.Parameters.Add(new() { Value = query.BeforeSeq ?? long.MaxValue });
        command.Parameters.Add(new() { Value = query.Limit });
        if (isFiltered)
        {
            AddFilters(
                command,
                query.Kind is { } kind ? LogEntryWords.Of(kind) : null,
                query.Principal,
                query.Resource,
                query.Action,
                query.Code,
                query.Since is { } since ? AuditQuerySql.Time(since) : null,
                query.Until is { } until ? AuditQuerySql.Time(until) : null,
                query.Search is { } search ? AuditQuerySql.Pattern(search) : null);
        }

        return command;
    }

    public static NpgsqlCommand BuildPage(NpgsqlConnection connection, string tenant, long fromSeq, DateTimeOffset? since, int limit)
    {
        var command = new NpgsqlCommand(
            $"SELECT seq, entry, hash FROM log_entries WHERE tenant = $1 AND seq >= $2{(since is null ? string.Empty : Matches)} ORDER BY seq LIMIT $3", connection);
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = fromSeq });
        command.Parameters.Add(new() { Value = limit });
        if (since is { } time)
        {
            AddFilters(command, null, null, null, null, null, AuditQuerySql.Time(time), null, null);
        }

        return command;
    }

    private static void AddFilters(NpgsqlCommand command, params ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        }
    }
}
