using AgentGate.Certificates;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Storage.Cluster.Certificates;

/// <summary>Reads certificates and evidence from PostgreSQL; the log's appender writes them. Thread-safe.</summary>
internal sealed class PostgresCertificateStore(PostgresDatabase database, EvidenceCipher cipher) : ICertificateStore
{
    /// <inheritdoc />
    public async ValueTask<StoredCertificate?> FindAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        await using var command = Command(
            connection, $"SELECT {CertificateReading.Columns} FROM certificates WHERE tenant = $1 AND decision_id = $2", tenant, decisionId);
        return await ReadAsync(command, tenant, cancellationToken) is [var found, ..] ? found : null;
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<StoredCertificate>> LookupAsync(CertificateLookup lookup, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(lookup.Tenant, cancellationToken);

        // Ids are UUIDv7: their order is that of time.
        await using var command = Command(
            connection,
            $"SELECT {CertificateReading.Columns} FROM certificates WHERE tenant = $1 AND {CertificateReading.ColumnOf(lookup.Hash)} = $2 ORDER BY decision_id DESC LIMIT $3",
            lookup.Tenant,
            lookup.Value,
            lookup.Limit);
        return await ReadAsync(command, lookup.Tenant, cancellationToken);
    }

    /// <inheritdoc />
    public async ValueTask<CertificateCounts> CountAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        await using var command = Command(
            connection,
            "SELECT result, decision, count(*) FROM certificates WHERE tenant = $1 AND created_at >= $2 GROUP BY result, decision",
            tenant,
            since.ToUnixTimeMilliseconds());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<(string Result, string Decision, long Count)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return CertificateReading.Sum(rows);
    }

    /// <inheritdoc />
    public async ValueTask<StoredEvidence> ReadEvidenceAsync(StoredCertificate certificate, CancellationToken cancellationToken)
    {
        if (certificate.AlphaHash is null)
        {
            return new StoredEvidence();
        }

        await using var connection = await database.OpenAsync(certificate.Tenant, cancellationToken);
        var (alpha, facts) = await ReadSecretAsync(connection, certificate, cancellationToken);
        await using var command = Command(
            connection,
            "SELECT k.gamma, k.settings, p.policies FROM knowledge k JOIN policy_sets p ON p.hash = k.policy_set_hash WHERE k.tenant = $1 AND k.gamma_hash = $2",
            certificate.Tenant,
            certificate.GammaHash!);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var isKnown = await reader.ReadAsync(cancellationToken);
        return new StoredEvidence
        {
            Alpha = alpha,
            Facts = facts,
            IsErased = alpha.IsEmpty,
            Gamma = isKnown ? reader.GetFieldValue<byte[]>(0) : default,
            Settings = isKnown ? reader.GetFieldValue<byte[]>(1) : default,
            Policies = isKnown ? reader.GetFieldValue<byte[]>(2) : default,
        };
    }

    /// <inheritdoc />
    public async ValueTask<bool> HasSubjectAsync(string tenant, string principal, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        await using var command = Command(connection, "SELECT 1 FROM subject_keys WHERE tenant = $1 AND principal = $2", tenant, principal);
        return await command.ExecuteScalarAsync(cancellationToken) is not null;
    }

    /// <inheritdoc />
    public async ValueTask<bool> EraseSubjectAsync(string tenant, string principal, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(tenant, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var durable = Command(connection, "SET LOCAL synchronous_commit = on");
        await durable.ExecuteNonQueryAsync(cancellationToken);
        await using var key = Command(connection, "DELETE FROM subject_keys WHERE tenant = $1 AND principal = $2", tenant, principal);
        var erased = await key.ExecuteNonQueryAsync(cancellationToken);

        // With the salt of a digest somebody could try what the content was. A quotation mark inside a text is escaped: the pattern meets
        // the member and nothing else.
        await using var salts = Command(
            connection,
            """UPDATE traces SET body = regexp_replace(body, ',"salt":"[^"]*"', '') WHERE tenant = $1 AND principal = $2 AND body LIKE '%,"salt":"%'""",
            tenant,
            principal);
        await salts.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return erased > 0;
    }

    private async ValueTask<(ReadOnlyMemory<byte> Alpha, ReadOnlyMemory<byte> Facts)> ReadSecretAsync(
        NpgsqlConnection connection, StoredCertificate certificate, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            SELECT e.principal, e.key_id, e.ciphertext, s.wrapped_key FROM evidence e
            JOIN subject_keys s ON s.tenant = e.tenant AND s.principal = e.principal AND s.key_id = e.key_id
            WHERE e.tenant = $1 AND e.decision_id = $2
            """,
            certificate.Tenant,
            certificate.DecisionId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return default;
        }

        var (principal, keyId) = (reader.GetString(0), reader.GetString(1));
        var key = cipher.Unwrap(certificate.Tenant, principal, keyId, reader.GetFieldValue<byte[]>(3));
        return EvidenceFormat.Read(EvidenceCipher.Decrypt(key, certificate.Tenant, principal, certificate.DecisionId, reader.GetFieldValue<byte[]>(2)));
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    private static async ValueTask<List<StoredCertificate>> ReadAsync(NpgsqlCommand command, string tenant, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<StoredCertificate>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(CertificateReading.Read(reader, tenant));
        }

        return found;
    }
}
