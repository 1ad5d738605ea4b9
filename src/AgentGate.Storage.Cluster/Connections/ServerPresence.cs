using AgentGate.Diagnostics;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>
/// Tells that servers run on a database: each holds an advisory lock of PostgreSQL with others, as long as its connection lives;
/// what needs them all stopped holds it alone. Thread-safe.
/// </summary>
internal sealed class ServerPresence(PostgresDatabase database) : IAsyncDisposable
{
    /// <summary>"AgentGat" in ASCII, and one more than the lock of migrations.</summary>
    private const long Key = 0x4167656E74476175;

    private readonly SemaphoreSlim _one = new(1, 1);
    private NpgsqlConnection? _connection;

    /// <summary>Says that a server runs here. Again after the connection was lost; without effect while it holds.</summary>
    /// <exception cref="InvalidOperationException">Something that needs all servers stopped is under way.</exception>
    public async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (_connection is { } held)
            {
                try
                {
                    await ScalarAsync(held, "SELECT true", cancellationToken);
                    return;
                }
                catch (Exception lost) when (lost is NpgsqlException or InvalidOperationException or IOException)
                {
                    _connection = null;
                    await held.DisposeAsync();
                }
            }

            _connection = await LockAsync("SELECT pg_try_advisory_lock_shared($1)", cancellationToken)
                ?? throw new InvalidOperationException(
                    $"{Codes.ServersRunning}: keys are being rotated or a database is being copied into {database.Name}. Start the server when that has ended.");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Keeps servers from starting until the result is disposed.</summary>
    /// <exception cref="InvalidOperationException">Servers are running.</exception>
    public async Task<IAsyncDisposable> ExcludeAsync(CancellationToken cancellationToken)
        => await LockAsync("SELECT pg_try_advisory_lock($1)", cancellationToken)
            ?? throw new InvalidOperationException(
                $"{Codes.ServersRunning}: servers are running on {database.Name}. Stop every server of the cluster, then repeat.");

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }

        _one.Dispose();
    }

    private static async Task<bool> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, long? key = null)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5 };
        if (key is { } value)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>On a connection outside the pool, which would give the lock back to somebody else's use.</summary>
    private async Task<NpgsqlConnection?> LockAsync(string sql, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(database.Unpooled);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (await ScalarAsync(connection, sql, cancellationToken, Key))
            {
                return connection;
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }

        await connection.DisposeAsync();
        return null;
    }
}
