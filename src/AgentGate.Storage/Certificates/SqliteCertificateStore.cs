using AgentGate.Certificates;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Certificates;

/// <summary>Reads certificates and evidence from the database; the log's appender writes them. Thread-safe.</summary>
internal sealed class SqliteCertificateStore(SqliteDatabase database, EvidenceCipher cipher) : ICertificateStore
{
    private const string Columns = CertificateReading.Columns;

    public ValueTask<StoredCertificate?> FindAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM certificates WHERE tenant = $tenant AND decision_id = $id";
        command.Parameters.AddWithValue("$tenant", tenant);
        command.Parameters.AddWithValue("$id", decisionId);
        return new(Read(command, tenant) is [var found, ..] ? found : null);
    }

    public ValueTask<IReadOnlyList<StoredCertificate>> LookupAsync(CertificateLookup lookup, CancellationToken cancellationToken)
    {
        var column = CertificateReading.ColumnOf(lookup.Hash);
        using var connection = database.Open();
        using var command = connection.CreateCommand();

        // Ids are UUIDv7: their order is that of time.
        command.CommandText = $"SELECT {Columns} FROM certificates WHERE tenant = $tenant AND {column} = $hash ORDER BY decision_id DESC LIMIT $limit";
        command.Parameters.AddWithValue("$tenant", lookup.Tenant);
        command.Parameters.AddWithValue("$hash", lookup.Value);
        command.Parameters.AddWithValue("$limit", lookup.Limit);
        return new(Read(command, lookup.Tenant));
    }

    public ValueTask<CertificateCounts> CountAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT result, decision, COUNT(*) FROM certificates WHERE tenant = $tenant AND created_at >= $since GROUP BY result, decision";
        command.Parameters.AddWithValue("$tenant", tenant);
        command.Parameters.AddWithValue("$since", since.ToUnixTimeMilliseconds());
        using var reader = command.ExecuteReader();
        var rows = new List<(string Result, string Decision, long Count)>();
        while (reader.Read())
        {
            rows.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return new(CertificateReading.Sum(rows));
    }

    public ValueTask<StoredEvidence> ReadEvidenceAsync(StoredCertificate certificate, CancellationToken cancellationToken)
    {
        if (certificate.AlphaHash is null)
        {
            return new(new StoredEvidence());
        }

        using var connection = database.Open();
        var (alpha, facts) = ReadSecret(connection, certificate);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT k.gamma, k.settings, p.policies FROM knowledge k JOIN policy_sets p ON p.hash = k.policy_set_hash WHERE k.tenant = $tenant AND k.gamma_hash = $hash";
        command.Parameters.AddWithValue("$tenant", certificate.Tenant);
        command.Parameters.AddWithValue("$hash", certificate.GammaHash);
        using var reader = command.ExecuteReader();
        var isKnown = reader.Read();
        return new(new StoredEvidence
        {
            Alpha = alpha,
            Facts = facts,
            IsErased = alpha.IsEmpty,
            Gamma = isKnown ? reader.GetFieldValue<byte[]>(0) : default,
            Settings = isKnown ? reader.GetFieldValue<byte[]>(1) : default,
            Policies = isKnown ? reader.GetFieldValue<byte[]>(2) : default,
        });
    }

    public ValueTask<bool> HasSubjectAsync(string tenant, string principal, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT 1 FROM subject_keys WHERE tenant = $tenant AND principal = $principal";
        command.Parameters.AddWithValue("$tenant", tenant);
        command.Parameters.AddWithValue("$principal", principal);
        return new(command.ExecuteScalar() is not null);
    }

    public ValueTask<bool> EraseSubjectAsync(string tenant, string principal, CancellationToken cancellationToken)
    {
        using var connection = database.OpenRelaxed();

        // So that the bytes are gone from the file: overwritten in its pages, and the write-ahead log emptied.
        Execute(connection, "PRAGMA secure_delete = ON");
        var erased = 0;
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            erased += Run("DELETE FROM subject_keys WHERE tenant = $tenant AND principal = $principal");

            // With the salt of a digest somebody could try what the content was.
            Run("UPDATE traces SET body = json_remove(body, '$.salt') WHERE tenant = $tenant AND principal = $principal AND json_extract(body, '$.salt') IS NOT NULL");
            transaction.Commit();

            int Run(string sql)
            {
                using var command = connection.CreateCommand();
                command.Transaction = transaction;
                command.CommandText = sql;
                command.Parameters.AddWithValue("$tenant", tenant);
                command.Parameters.AddWithValue("$principal", principal);
                return command.ExecuteNonQuery();
            }
        }

        EmptyWriteAheadLog(connection);
        return new(erased > 0);
    }

    private (ReadOnlyMemory<byte> Alpha, ReadOnlyMemory<byte> Facts) ReadSecret(SqliteConnection connection, StoredCertificate certificate)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT e.principal, e.key_id, e.ciphertext, s.wrapped_key FROM evidence e
            JOIN subject_keys s ON s.tenant = e.tenant AND s.principal = e.principal AND s.key_id = e.key_id
            WHERE e.tenant = $tenant AND e.decision_id = $id
            """;
        command.Parameters.AddWithValue("$tenant", certificate.Tenant);
        command.Parameters.AddWithValue("$id", certificate.DecisionId);
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return default;
        }

        var (principal, keyId) = (reader.GetString(0), reader.GetString(1));
        var key = cipher.Unwrap(certificate.Tenant, principal, keyId, reader.GetFieldValue<byte[]>(3));
        var plain = EvidenceCipher.Decrypt(key, certificate.Tenant, principal, certificate.DecisionId, reader.GetFieldValue<byte[]>(2));
        return EvidenceFormat.Read(plain);
    }

    private static List<StoredCertificate> Read(SqliteCommand command, string tenant)
    {
        using var reader = command.ExecuteReader();
        var found = new List<StoredCertificate>();
        while (reader.Read())
        {
            found.Add(CertificateReading.Read(reader, tenant));
        }

        return found;
    }

    /// <summary>Brings what was overwritten out of the write-ahead log. A reader in the way is waited for, and said: nothing counts as erased by halves.</summary>
    private static void EmptyWriteAheadLog(SqliteConnection connection)
    {
        Execute(connection, "PRAGMA busy_timeout = 5000");
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        using var answer = command.ExecuteReader();
        if (answer.Read() && answer.GetInt64(0) != 0)
        {
            throw new IOException("The key is deleted, and its former bytes are still in the write-ahead log, which was in use; they go when it is next folded into the database.");
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
