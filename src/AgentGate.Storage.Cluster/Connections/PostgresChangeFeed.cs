using AgentGate.Pipeline;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>
/// The versions that triggers of the database keep, and its notifications, over one connection of its own that sees no tenant's rows. A
/// connection that breaks is opened anew by the next call. Used by one caller at a time.
/// </summary>
internal sealed class PostgresChangeFeed(PostgresDatabase database) : IChangeFeed, IAsyncDisposable
{
    /// <summary>The channel triggers notify. Anybody may: it only wakes up whoever then reads the versions.</summary>
    public const string Channel = "agentgate_changes";

    /// <summary>Beyond this many seconds a server that accepts connections and answers nothing counts as lost.</summary>
    private const int AnswerSeconds = 2;

    private NpgsqlConnection? _connection;

    public async Task<IReadOnlyDictionary<string, long>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _connection ??= await ListenAsync(cancellationToken);
            var versions = new Dictionary<string, long>(StringComparer.Ordinal);
            await using var command = new NpgsqlCommand("SELECT topic, version FROM change_versions", _connection) { CommandTimeout = AnswerSeconds };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                versions.Add(reader.GetString(0), reader.GetInt64(1));
            }

            return versions;
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            return;
        }

        try
        {
            await _connection.WaitAsync(atMost, cancellationToken);
        }
        catch
        {
            await CloseAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task<NpgsqlConnection> ListenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.Listening.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand($"LISTEN {Channel}", connection) { CommandTimeout = AnswerSeconds };
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }
}
