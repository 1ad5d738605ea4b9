using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>The ids of the keys that the servers of a database share. Ids only: nothing secret lies there. Thread-safe.</summary>
internal sealed class ServerKeyRecord(PostgresDatabase database)
{
    /// <summary>Puts the id there where none is, and says which one is.</summary>
    public async Task<string> ClaimAsync(string role, string keyId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        await using (var claim = new NpgsqlCommand("INSERT INTO server_keys (role, key_id) VALUES ($1, $2) ON CONFLICT (role) DO NOTHING", connection))
        {
            claim.Parameters.Add(new() { Value = role });
            claim.Parameters.Add(new() { Value = keyId });
            await claim.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var read = new NpgsqlCommand("SELECT key_id FROM server_keys WHERE role = $1", connection) { Parameters = { new() { Value = role } } };
        return (string)(await read.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Puts another id in the place of one, as a rotation does.</summary>
    public async Task ReplaceAsync(string role, string old, string keyId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenSystemAsync(cancellationToken);
        await using var replace = new NpgsqlCommand("UPDATE server_keys SET key_id = $3 WHERE role = $1 AND key_id = $2", connection);
        replace.Parameters.Add(new() { Value = role });
        replace.Parameters.Add(new() { Value = old });
        replace.Parameters.Add(new() { Value = keyId });
        await replace.ExecuteNonQueryAsync(cancellationToken);
    }
}
