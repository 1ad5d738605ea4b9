using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Certificates;

/// <summary>The keys of principals as the log's writing connection sees them, read anew in each batch. Not thread-safe: the appender owns it.</summary>
internal sealed class SubjectKeys(SqliteConnection connection, EvidenceCipher cipher) : IDisposable
{
    private readonly SqliteCommand _find = Command(connection, "SELECT key_id, wrapped_key FROM subject_keys WHERE tenant = $tenant AND principal = $principal");
    private readonly SqliteCommand _add = Command(
        connection, "INSERT INTO subject_keys (tenant, principal, key_id, wrapped_key) VALUES ($tenant, $principal, $key, $wrapped)");

    private readonly SubjectKeyRing _ring = new(cipher);
    private readonly Dictionary<(string Tenant, string Principal), (string KeyId, byte[] Key)> _batch = [];

    /// <summary>Begins a transaction: what was found in the one before may be gone.</summary>
    public void Begin() => _batch.Clear();

    /// <summary>A principal's key; made where there is none.</summary>
    public (string KeyId, byte[] Key) Of(string tenant, string principal)
    {
        if (_batch.TryGetValue((tenant, principal), out var known))
        {
            return known;
        }

        var found = Find(tenant, principal) ?? Add(tenant, principal);
        _batch[(tenant, principal)] = found;
        return found;
    }

    public void Dispose()
    {
        _find.Dispose();
        _add.Dispose();
    }

    private (string KeyId, byte[] Key)? Find(string tenant, string principal)
    {
        _find.Parameters["$tenant"].Value = tenant;
        _find.Parameters["$principal"].Value = principal;
        using var reader = _find.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var keyId = reader.GetString(0);
        return (keyId, _ring.Unwrap(tenant, principal, keyId, () => reader.GetFieldValue<byte[]>(1)));
    }

    private (string KeyId, byte[] Key) Add(string tenant, string principal)
    {
        var (keyId, key, wrapped) = _ring.Begin(tenant, principal);
        _add.Parameters["$tenant"].Value = tenant;
        _add.Parameters["$principal"].Value = principal;
        _add.Parameters["$key"].Value = keyId;
        _add.Parameters["$wrapped"].Value = wrapped;
        _add.ExecuteNonQuery();
        return (keyId, key);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var name in (string[])["$tenant", "$principal", "$key", "$wrapped"])
        {
            if (sql.Contains(name, StringComparison.Ordinal))
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }
        }

        return command;
    }
}
