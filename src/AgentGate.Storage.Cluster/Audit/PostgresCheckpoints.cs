using AgentGate.Audit;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Audit;

/// <summary>The newest checkpoints in PostgreSQL. An advisory lock of a connection is the turn to publish. Thread-safe.</summary>
internal sealed class PostgresCheckpoints(PostgresDatabase database) : ISharedCheckpoints
{
    /// <summary>Tells the turns of checkpoints from other advisory locks: "AGchkpnt" in ASCII.</summary>
    private const long Seed = 0x414763686B706E74;

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<SharedCheckpoint>> ReadAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        return await ReadAsync(connection, tenant, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<ICheckpointTurn?> BeginAsync(string tenant, CancellationToken cancellationToken)
    {
        var connection = await database.OpenSystemAsync(cancellationToken);
        try
        {
            await using var settings = new NpgsqlCommand("SET lock_timeout = '5s'; SET synchronous_commit = on", connection);
            await settings.ExecuteNonQueryAsync(cancellationToken);
            await using var turn = new NpgsqlCommand($"SELECT pg_advisory_lock(hashtextextended($1, {Seed}))", connection) { Parameters = { new() { Value = tenant } } };
            await turn.ExecuteNonQueryAsync(cancellationToken);
            var stored = await ReadAsync(connection, tenant, cancellationToken);
            return new Turn(connection, stored is [var one, ..] ? one : new SharedCheckpoint(tenant, default, default));
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await connection.DisposeAsync();
            return null;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<List<SharedCheckpoint>> ReadAsync(NpgsqlConnection connection, string? tenant, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT tenant, signed, published FROM log_checkpoints" + (tenant is null ? string.Empty : " WHERE tenant = $1"), connection);
        if (tenant is not null)
        {
            command.Parameters.Add(new() { Value = tenant });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<SharedCheckpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new SharedCheckpoint(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<byte[]>(2)));
        }

        return found;
    }

    /// <summary>The turn: the connection that holds the lock, given back at its end. The pool resets a connection only when it is used again.</summary>
    private sealed class Turn(NpgsqlConnection connection, SharedCheckpoint stored) : ICheckpointTurn
    {
        public SharedCheckpoint Stored => stored;

        public ValueTask StoreSignedAsync(LogCheckpoint signed, CancellationToken cancellationToken) => StoreAsync("signed", signed, cancellationToken);

        public ValueTask StorePublishedAsync(LogCheckpoint published, CancellationToken cancellationToken) => StoreAsync("published", published, cancellationToken);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await using var command = new NpgsqlCommand($"SELECT pg_advisory_unlock(hashtextextended($1, {Seed}))", connection) { Parameters = { new() { Value = stored.Tenant } } };
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
            catch (NpgsqlException)
            {
                // A broken connection holds no lock, and does not go back into the pool.
            }
            finally
            {
                await connection.DisposeAsync();
            }
        }

        /// <summary>Whatever became of the turn: a checkpoint never takes the place of one as large.</summary>
        private async ValueTask StoreAsync(string column, LogCheckpoint checkpoint, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(
                $"""
                INSERT INTO log_checkpoints (tenant, {column}_size, {column}) VALUES ($1, $2, $3)
                ON CONFLICT (tenant) DO UPDATE SET {column}_size = EXCLUDED.{column}_size, {column} = EXCLUDED.{column}
                WHERE log_checkpoints.{column}_size < EXCLUDED.{column}_size
                """,
                connection)
            {
                Parameters = { new() { Value = stored.Tenant }, new() { Value = checkpoint.Checkpoint.Size }, new() { Value = checkpoint.Note.ToArray() } },
            };
            if (await command.ExecuteNonQueryAsync(cancellationToken) != 1)
            {
                throw new InvalidOperationException("Another server signed or published a checkpoint as large meanwhile; it is taken over the next time.");
            }
        }
    }
}
