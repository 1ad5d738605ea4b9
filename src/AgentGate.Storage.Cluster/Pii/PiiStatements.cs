using AgentGate.Diagnostics;
using AgentGate.Pii.Vault;
using AgentGate.Storage.Pii;
using Npgsql;

namespace AgentGate.Storage.Cluster.Pii;

/// <summary>The statements of the vault on one connection. Used by one operation at a time.</summary>
internal sealed class PiiStatements(NpgsqlConnection connection, CancellationToken cancellationToken)
{
    private const string SessionColumns = "SELECT id, version, wrapped_key, expires_at FROM pii_sessions WHERE tenant = $1 AND owner = $2 AND name = $3";
    private const string ValueColumns = "SELECT tenant, type, number, version, lookup, ciphertext FROM pii_values WHERE session_id = $1";

    /// <summary>
    /// The database's time in milliseconds of Unix. A server whose clock is ahead must not erase what the others still use: nothing has
    /// expired before the database says so too.
    /// </summary>
    private const string DatabaseTime = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    /// <summary>How long a transaction waits for a row that another has.</summary>
    public Task WaitAtMostAsync() => ExecuteAsync("SET LOCAL lock_timeout = '10s'");

    /// <summary>The session's row, expired or not.</summary>
    public Task<PiiSessionRow?> FindSessionAsync(PiiSessionKey session) => ReadSessionAsync(SessionColumns, session);

    /// <summary>The same, and nobody else writes in the session until the transaction ends.</summary>
    public Task<PiiSessionRow?> LockSessionAsync(PiiSessionKey session) => ReadSessionAsync(SessionColumns + " FOR UPDATE", session);

    /// <summary>Adds a session, unless somebody else did.</summary>
    public Task<int> AddSessionAsync(PiiSessionRow row)
        => ExecuteAsync(
            """
            INSERT INTO pii_sessions (id, version, tenant, owner, name, wrapped_key, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (tenant, owner, name) DO NOTHING
            """,
            row.Id, row.Version, row.Tenant, row.Owner, row.Name, row.WrappedKey, row.ExpiresAt);

    /// <summary>Moves a session's end; never nearer.</summary>
    public Task<int> ExtendAsync(PiiSessionRow row, long expiresAt)
        => ExecuteAsync("UPDATE pii_sessions SET expires_at = GREATEST(expires_at, $2) WHERE id = $1", row.Id, expiresAt);

    public Task<int> RemoveSessionAsync(PiiSessionKey session)
        => ExecuteAsync("DELETE FROM pii_sessions WHERE tenant = $1 AND owner = $2 AND name = $3", session.Tenant, session.Owner, session.Name);

    public Task<int> RemoveExpiredAsync(long now)
        => ExecuteAsync(
            $"DELETE FROM pii_sessions WHERE id IN (SELECT id FROM pii_sessions WHERE expires_at <= LEAST($1, {DatabaseTime}) ORDER BY id FOR UPDATE SKIP LOCKED)", now);

    /// <summary>Whether a time has come by this server's clock and by the database's.</summary>
    public async Task<bool> IsPastAsync(long at, long now)
    {
        await using var command = Command($"SELECT $1 <= LEAST($2, {DatabaseTime})", at, now);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>The rows of equal values.</summary>
    public Task<List<PiiValueRow>> FindValuesAsync(PiiSessionRow session, byte[][] lookups)
        => ReadValuesAsync(session, ValueColumns + " AND lookup = ANY($2)", session.Id, lookups);

    /// <summary>The rows of tokens.</summary>
    public Task<List<PiiValueRow>> FindTokensAsync(PiiSessionRow session, (string Type, long Number)[] tokens)
        => ReadValuesAsync(
            session,
            ValueColumns + " AND (type, number) IN (SELECT * FROM unnest($2::text[], $3::bigint[]))",
            session.Id,
            tokens.Select(token => token.Type).ToArray(),
            tokens.Select(token => token.Number).ToArray());

    /// <summary>The highest number of each type that has one.</summary>
    public async Task<Dictionary<string, long>> LastNumbersAsync(PiiSessionRow session, string[] types)
    {
        var last = new Dictionary<string, long>(StringComparer.Ordinal);
        if (types.Length > 0)
        {
            await using var command = Command("SELECT type, MAX(number) FROM pii_values WHERE session_id = $1 AND type = ANY($2) GROUP BY type", session.Id, types);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                last.Add(reader.GetString(0), reader.GetInt64(1));
            }
        }

        return last;
    }

    public async Task AddValuesAsync(List<PiiValueRow> rows)
    {
        if (rows.Count > 0)
        {
            await ExecuteAsync(
                """
                INSERT INTO pii_values (tenant, session_id, version, type, number, lookup, ciphertext)
                SELECT $1, $2, $3, new.* FROM unnest($4::text[], $5::bigint[], $6::bytea[], $7::bytea[]) AS new
                """,
                rows[0].Tenant, rows[0].SessionId, rows[0].Version, rows.Select(row => row.Type).ToArray(), rows.Select(row => row.Number).ToArray(),
                rows.Select(row => row.Lookup).ToArray(), rows.Select(row => row.Ciphertext).ToArray());
        }
    }

    public Task<int> PutLinkAsync(PiiResponseLinkRow row)
        => ExecuteAsync(
            """
            INSERT INTO pii_response_links (tenant, owner, response_id, version, session_id, sent) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (tenant, owner, response_id) DO UPDATE SET version = EXCLUDED.version, session_id = EXCLUDED.session_id, sent = EXCLUDED.sent
            """,
            row.Tenant, row.Owner, row.ResponseId, row.Version, row.SessionId, row.Sent);

    /// <summary>A link whose session has not expired and belongs to the same owner.</summary>
    public async Task<(string SessionName, string Sent)?> FindLinkAsync(string tenant, string owner, string responseId, long now)
    {
        await using var command = Command(
            """
            SELECT s.name, l.sent, l.version FROM pii_response_links l
            JOIN pii_sessions s ON s.id = l.session_id AND s.tenant = l.tenant AND s.owner = l.owner
            WHERE l.tenant = $1 AND l.owner = $2 AND l.response_id = $3 AND s.expires_at > $4
            """,
            tenant, owner, responseId, now);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return !await reader.ReadAsync(cancellationToken) ? null
            : reader.GetInt32(2) == PiiSessionCipher.Version ? (reader.GetString(0), reader.GetString(1))
            : throw new PiiVaultException(Codes.PiiVaultIntegrity, "a response link has an unknown format version");
    }

    private async Task<PiiSessionRow?> ReadSessionAsync(string sql, PiiSessionKey session)
    {
        await using var command = Command(sql, session.Tenant, session.Owner, session.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return !await reader.ReadAsync(cancellationToken) ? null : new PiiSessionRow
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

    private async Task<List<PiiValueRow>> ReadValuesAsync(PiiSessionRow session, string sql, params object[] values)
    {
        var rows = new List<PiiValueRow>();
        await using var command = Command(sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetString(0) != session.Tenant
                ? throw new PiiVaultException(Codes.PiiVaultIntegrity, "a value lies in another tenant than its session")
                : new PiiValueRow
                {
                    Tenant = session.Tenant,
                    SessionId = session.Id,
                    Type = reader.GetString(1),
                    Number = reader.GetInt64(2),
                    Version = reader.GetInt32(3),
                    Lookup = reader.GetFieldValue<byte[]>(4),
                    Ciphertext = reader.GetFieldValue<byte[]>(5),
                });
        }

        return rows;
    }

    private async Task<int> ExecuteAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }
}
