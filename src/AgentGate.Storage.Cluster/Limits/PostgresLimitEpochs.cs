using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>Remembers epochs in one row of PostgreSQL per prefix. Thread-safe.</summary>
internal sealed class PostgresLimitEpochs(PostgresDatabase database, string prefix) : ILimitEpochs
{
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
        => await RunAsync("SELECT epoch FROM limit_epochs WHERE prefix = $1", [prefix], async command => (string?)await command.ExecuteScalarAsync(cancellationToken));

    public async ValueTask<bool> ReplaceAsync(string? expected, string next, CancellationToken cancellationToken)
        => expected is null
            ? await RunAsync("INSERT INTO limit_epochs (prefix, epoch) VALUES ($1, $2) ON CONFLICT DO NOTHING", [prefix, next], async command => await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            : await RunAsync("UPDATE limit_epochs SET epoch = $2 WHERE prefix = $1 AND epoch = $3", [prefix, next, expected], async command => await command.ExecuteNonQueryAsync(cancellationToken) == 1);

    private async ValueTask<T> RunAsync<T>(string sql, string[] values, Func<NpgsqlCommand, Task<T>> run)
    {
        try
        {
            await using var command = database.System.CreateCommand(sql);
            command.CommandTimeout = 2;
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            return await run(command);
        }
        catch (Exception lost) when (lost is NpgsqlException or TimeoutException)
        {
            throw new LimitEpochsLostException(lost);
        }
    }
}
