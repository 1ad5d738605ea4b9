using System.Text;
using AgentGate.Pipeline;
using AgentGate.Traces;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Traces;

/// <summary>Reads traces from the database; the log's appender writes them. Thread-safe.</summary>
internal sealed class SqliteTraceStore(SqliteDatabase database) : ITraceStore
{
    public ValueTask<IReadOnlyList<CallTrace>> ListAsync(TraceQuery query, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        var sql = new StringBuilder("SELECT body FROM traces WHERE tenant = $tenant");
        command.Parameters.AddWithValue("$tenant", query.Tenant);

        void Where(string condition, string parameter, object? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                command.Parameters.AddWithValue(parameter, value);
            }
        }

        Where("status = $status", "$status", query.Status);
        Where("decision = $decision", "$decision", query.Decision);
        Where("action = $action", "$action", query.Action);
        Where("resource = $resource", "$resource", query.Resource);
        Where("principal = $principal", "$principal", query.Principal);
        Where("door = $door", "$door", query.Door);
        Where("started_at >= $since", "$since", query.Since?.ToUnixTimeMilliseconds());
        command.CommandText = sql.Append(" ORDER BY id DESC LIMIT $limit OFFSET $offset").ToString();
        command.Parameters.AddWithValue("$limit", query.Limit);
        command.Parameters.AddWithValue("$offset", query.Offset);
        return new(Read(command));
    }

    public ValueTask<CallTrace?> FindAsync(string tenant, string callId, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT body FROM traces WHERE tenant = $tenant AND call_id = $id";
        command.Parameters.AddWithValue("$tenant", tenant);
        command.Parameters.AddWithValue("$id", callId);
        return new(Read(command) is [var trace, ..] ? trace : null);
    }

    public async ValueTask<CallTrace?> LatestAsync(string tenant, CancellationToken cancellationToken)
        => await ListAsync(new TraceQuery { Tenant = tenant, Limit = 1 }, cancellationToken) is [var trace, ..] ? trace : null;

    private static List<CallTrace> Read(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        var traces = new List<CallTrace>();
        while (reader.Read())
        {
            traces.Add(TraceJson.Read(reader.GetFieldValue<byte[]>(0)));
        }

        return traces;
    }
}
