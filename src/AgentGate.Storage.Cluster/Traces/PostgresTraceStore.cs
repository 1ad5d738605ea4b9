using System.Text;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using AgentGate.Traces;
using Npgsql;

namespace AgentGate.Storage.Cluster.Traces;

/// <summary>Reads traces from PostgreSQL; the log's appender writes them. Thread-safe.</summary>
internal sealed class PostgresTraceStore(PostgresDatabase database) : ITraceStore
{
    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<CallTrace>> ListAsync(TraceQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(query.Tenant, cancellationToken);
        await using var command = new NpgsqlCommand { Connection = connection };
        var sql = new StringBuilder("SELECT body FROM traces WHERE tenant = $1");
        command.Parameters.Add(new() { Value = query.Tenant });
        Where("status =", query.Status);
        Where("decision =", query.Decision);
        Where("action =", query.Action);
        Where("resource =", query.Resource);
        Where("principal =", query.Principal);
        Where("door =", query.Door);
        Where("started_at >=", query.Since?.ToUnixTimeMilliseconds());
        command.Parameters.Add(new() { Value = query.Limit });
        command.Parameters.Add(new() { Value = query.Offset });
        var last = command.Parameters.Count;
        command.CommandText = sql.Append(System.Globalization.CultureInfo.InvariantCulture, $" ORDER BY id DESC LIMIT ${last - 1} OFFSET ${last}").ToString();
        return await ReadAsync(command, cancellationToken);

        void Where(string condition, object? value)
        {
            if (value is not null)
            {
                command.Parameters.Add(new() { Value = value });
                sql.Append(System.Globalization.CultureInfo.InvariantCulture, $" AND {condition} ${command.Parameters.Count}");
            }
        }
    }

    /// <inheritdoc />
    public async ValueTask<CallTrace?> FindAsync(string tenant, string callId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        await using var command = new NpgsqlCommand("SELECT body FROM traces WHERE tenant = $1 AND call_id = $2", connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = callId } },
        };
        return await ReadAsync(command, cancellationToken) is [var trace, ..] ? trace : null;
    }

    /// <inheritdoc />
    public async ValueTask<CallTrace?> LatestAsync(string tenant, CancellationToken cancellationToken)
        => await ListAsync(new TraceQuery { Tenant = tenant, Limit = 1 }, cancellationToken) is [var trace, ..] ? trace : null;

    private static async ValueTask<List<CallTrace>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var traces = new List<CallTrace>();
        while (await reader.ReadAsync(cancellationToken))
        {
            traces.Add(TraceJson.Read(reader.GetFieldValue<byte[]>(0)));
        }

        return traces;
    }
}
