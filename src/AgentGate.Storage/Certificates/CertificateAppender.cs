using System.Buffers;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Kernel.Admissibility;
using AgentGate.Pipeline;
using AgentGate.Storage.Audit;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Certificates;

/// <summary>
/// Stores the certificates of a batch with what their hashes stand for, inside the log's own transaction: a decision on record has
/// its certificate, and no certificate is there without its entry. Not thread-safe: the log's appender owns it.
/// </summary>
internal sealed class CertificateAppender : IDisposable
{
    private readonly SqliteStatement _certificate;
    private readonly SqliteStatement _evidence;
    private readonly SqliteStatement _knowledge;
    private readonly SqliteStatement _policies;
    private readonly SubjectKeys? _keys;
    private readonly EvidenceCipher? _cipher;
    private readonly ArrayBufferWriter<byte> _plain = new(16 * 1024);
    private readonly HashSet<(string Tenant, string GammaHash)> _known = [];

    /// <summary>Prepares its statements.</summary>
    /// <param name="connection">The log's writing connection.</param>
    /// <param name="cipher">Encrypts evidence; without one no evidence can be stored, and whoever brings some is refused.</param>
    public CertificateAppender(SqliteConnection connection, EvidenceCipher? cipher)
    {
        _cipher = cipher;
        _keys = cipher is null ? null : new SubjectKeys(connection, cipher);
        _certificate = new SqliteStatement(
            connection,
            "INSERT INTO certificates (tenant, decision_id, call_id, seq, created_at, result, decision, alpha_hash, gamma_hash, theorem_hash, principal, body, seal) "
            + "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)");
        _evidence = new SqliteStatement(
            connection, "INSERT INTO evidence (tenant, decision_id, principal, key_id, ciphertext) VALUES (?1, ?2, ?3, ?4, ?5)");
        _knowledge = new SqliteStatement(
            connection, "INSERT OR IGNORE INTO knowledge (tenant, gamma_hash, gamma, settings, policy_set_hash) VALUES (?1, ?2, ?3, ?4, ?5)");
        _policies = new SqliteStatement(connection, "INSERT OR IGNORE INTO policy_sets (hash, policies) VALUES (?1, ?2)");
    }

    /// <summary>Stores <see cref="AuditBatch.Certificates"/>. A throw fails the whole batch.</summary>
    public void Append(AuditBatch batch)
    {
        _keys?.Begin();
        foreach (var certificate in batch.Certificates)
        {
            Append(certificate);
        }
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_certificate, _evidence, _knowledge, _policies])
        {
            statement.Dispose();
        }

        _keys?.Dispose();
    }

    private void Append(SealedCertificate certificate)
    {
        var (tenant, seq, record, seal) = certificate;
        var (draft, evidence) = (record.Certificate!, record.Evidence ?? throw new InvalidOperationException("A certificate has no evidence."));
        _certificate.BindText(1, tenant);
        _certificate.BindText(2, draft.DecisionId);
        _certificate.BindText(3, record.Entry.CallId ?? "");
        _certificate.Bind(4, seq);
        _certificate.Bind(5, evidence.At.ToUnixTimeMilliseconds());
        _certificate.BindText(6, CertificateWords.Of(evidence.Result));
        _certificate.BindText(7, CertificateWords.Of(evidence.Decision));
        Bind(8, evidence.AlphaHash);
        Bind(9, evidence.GammaHash);
        _certificate.BindText(10, Theorem.Hash);
        _certificate.BindText(11, evidence.Principal);
        _certificate.BindBlob(12, draft.Body.Span);
        _certificate.BindBlob(13, SealFormat.Write(seal));
        _certificate.Run();
        if (evidence.Epoch is { } epoch)
        {
            AppendEvidence(tenant, draft.DecisionId, evidence);
            AppendKnowledge(epoch);
        }

        void Bind(int index, string? hash)
        {
            if (hash is null)
            {
                _certificate.BindNull(index);
            }
            else
            {
                _certificate.BindText(index, hash);
            }
        }
    }

    private void AppendEvidence(string tenant, string decisionId, DecisionEvidence evidence)
    {
        if (_keys is null || _cipher is null)
        {
            throw new EvidenceException("there is no master key to keep evidence under");
        }

        var (keyId, key) = _keys.Of(tenant, evidence.Principal);
        _plain.ResetWrittenCount();
        EvidenceFormat.Write(_plain, evidence);
        _evidence.BindText(1, tenant);
        _evidence.BindText(2, decisionId);
        _evidence.BindText(3, evidence.Principal);
        _evidence.BindText(4, keyId);
        _evidence.BindBlob(5, _cipher.Encrypt(key, tenant, evidence.Principal, decisionId, _plain.WrittenSpan));
        _evidence.Run();
    }

    /// <summary>Stores what was in force, the first time something was decided by it.</summary>
    private void AppendKnowledge(KnowledgeEpoch epoch)
    {
        if (!_known.Add((epoch.Tenant, epoch.GammaHash)))
        {
            return;
        }

        _knowledge.BindText(1, epoch.Tenant);
        _knowledge.BindText(2, epoch.GammaHash);
        _knowledge.BindBlob(3, epoch.Gamma.Span);
        _knowledge.BindBlob(4, epoch.Settings.Span);
        _knowledge.BindText(5, epoch.Knowledge.PolicySetHash);
        _knowledge.Run();
        _policies.BindText(1, epoch.Knowledge.PolicySetHash);
        _policies.BindBlob(2, PolicySetDocument.Write(epoch.Knowledge.Policies.Policies));
        _policies.Run();
    }
}
