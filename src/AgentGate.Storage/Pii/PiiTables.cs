using AgentGate.Diagnostics;
using AgentGate.Pii.Vault;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Pii;

/// <summary>The statements of the vault on one connection, prepared once. Used by one operation at a time.</summary>
internal sealed class PiiTables(SqliteConnection connection, SqliteTransaction? transaction) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>The session's row, expired or not.</summary>
    public PiiSessionRow? FindSession(PiiSessionKey session)
    {
        using var reader = Command(
            "SELECT id, version, wrapped_key, expires_at FROM pii_sessions WHERE tenant = $a AND owner = $b AND name = $c",
            session.Tenant, session.Owner, session.Name).ExecuteReader();
        return !reader.Read() ? null : new PiiSessionRow
        {
            Id = reader.GetString(0),
            Version = reader.GetInt32(1),
            Tenant = session.Tenant,
            Owner = session.Owner,
            Name = session.Name,
            WrappedKey = reader.GetFieldValue<byte[]>(2),
            ExpiresAt = reader.GetInt64(3),
        };
    }

    public void AddSession(PiiSessionRow row)
        => Command(
            "INSERT INTO pii_sessions (id, version, tenant, owner, name, wrapped_key, expires_at) VALUES ($a, $b, $c, $d, $e, $f, $g)",
            row.Id, row.Version, row.Tenant, row.Owner, row.Name, row.WrappedKey, row.ExpiresAt).ExecuteNonQuery();

    /// <summary>Moves a session's end; never nearer.</summary>
    public void Extend(string sessionId, long expiresAt)
        => Command("UPDATE pii_sessions SET expires_at = MAX(expires_at, $b) WHERE id = $a", sessionId, expiresAt).ExecuteNonQuery();

    public void RemoveSession(string sessionId) => Command("DELETE FROM pii_sessions WHERE id = $a", sessionId).ExecuteNonQuery();

    public int RemoveExpired(long now) => Command("DELETE FROM pii_sessions WHERE expires_at <= $a", now).ExecuteNonQuery();

    /// <summary>The row of an equal value.</summary>
    public PiiValueRow? FindValue(PiiSessionRow session, byte[] lookup)
        => ReadValue(
            session,
            Command("SELECT tenant, type, number, version, ciphertext FROM pii_values WHERE session_id = $a AND lookup = $b", session.Id, lookup));

    /// <summary>The row of a token.</summary>
    public PiiValueRow? FindToken(PiiSessionRow session, string type, long number)
        => ReadValue(
            session,
            Command(
                "SELECT tenant, type, number, version, ciphertext FROM pii_values WHERE session_id = $a AND type = $b AND number = $c",
                session.Id, type, number));

    /// <summary>The highest number of a type, or 0.</summary>
    public long LastNumber(string sessionId, string type)
        => (long)Command("SELECT IFNULL(MAX(number), 0) FROM pii_values WHERE session_id = $a AND type = $b", sessionId, type).ExecuteScalar()!;

    public void AddValue(PiiValueRow row)
        => Command(
            "INSERT INTO pii_values (tenant, session_id, type, number, version, lookup, ciphertext) VALUES ($a, $b, $c, $d, $e, $f, $g)",
            row.Tenant, row.SessionId, row.Type, row.Number, row.Version, row.Lookup, row.Ciphertext).ExecuteNonQuery();

    public void PutLink(PiiResponseLinkRow row)
        => Command(
            "INSERT OR REPLACE INTO pii_response_links (tenant, owner, response_id, version, session_id, sent) VALUES ($a, $b, $c, $d, $e, $f)",
            row.Tenant, row.Owner, row.ResponseId, row.Version, row.SessionId, row.Sent).ExecuteNonQuery();

    /// <summary>A link whose session has not expired and belongs to the same owner.</summary>
    public (string SessionName, string Sent)? FindLink(string tenant, string owner, string responseId, long now)
    {
        using var reader = Command(
            """
            SELECT s.name, l.sent, l.version FROM pii_response_links l
            JOIN pii_sessions s ON s.id = l.session_id AND s.tenant = l.tenant AND s.owner = l.owner
            WHERE l.tenant = $a AND l.owner = $b AND l.response_id = $c AND s.expires_at > $d
            """,
            tenant, owner, responseId, now).ExecuteReader();
        return !reader.Read() ? null
            : reader.GetInt32(2) == PiiSessionCipher.Version ? (reader.GetString(0), reader.GetString(1))
            : throw new PiiVaultException(Codes.PiiVaultIntegrity, "a response link has an unknown format version");
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }
    }

    private static PiiValueRow? ReadValue(PiiSessionRow session, SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        return reader.GetString(0) != session.Tenant
            ? throw new PiiVaultException(Codes.PiiVaultIntegrity, "a value lies in another tenant than its session")
            : new PiiValueRow
            {
                Tenant = session.Tenant,
                SessionId = session.Id,
                Type = reader.GetString(1),
                Number = reader.GetInt64(2),
                Version = reader.GetInt32(3),
                Ciphertext = reader.GetFieldValue<byte[]>(4),
            };
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = sql;
            _commands.Add(sql, command);
        }

        command.Parameters.Clear();
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (char)('a' + i), values[i]);
        }

        return command;
    }
}
