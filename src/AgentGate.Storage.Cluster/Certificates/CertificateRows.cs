using System.Buffers;
using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Kernel.Admissibility;
using AgentGate.Pipeline;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Cluster.Audit;
using Npgsql;

namespace AgentGate.Storage.Cluster.Certificates;

/// <summary>
/// The certificates of a batch with what their hashes stand for as SQL, for the log's own transaction: a decision on record has its
/// certificate, and no certificate is there without its entry. Not thread-safe: the log's appender owns it.
/// </summary>
/// <param name="cipher">Encrypts evidence; without one no evidence can be stored, and whoever brings some is refused.</param>
internal sealed class CertificateRows(EvidenceCipher? cipher)
{
    private readonly SubjectKeyRing? _ring = cipher is null ? null : new SubjectKeyRing(cipher);
    private readonly ArrayBufferWriter<byte> _plain = new(16 * 1024);
    private readonly HashSet<(string Tenant, string GammaHash)> _known = [];
    private readonly List<(string Tenant, string GammaHash)> _adding = [];

    /// <summary>The batch is stored: what was in force in it is known.</summary>
    public void Stored()
    {
        _known.UnionWith(_adding);
        _adding.Clear();
    }

    /// <summary>Nobody knows what of the last batch is stored, nor, where commits are not waited for, of those before it.</summary>
    public void Forget()
    {
        _adding.Clear();
        _known.Clear();
    }

    /// <summary>Adds the statements.</summary>
    /// <param name="commands">Receives them.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="keys">The wrapped keys of the batch's principals, as they are stored now; principals without one get one.</param>
    public void Add(NpgsqlBatch commands, AuditBatch batch, Dictionary<(string Tenant, string Principal), (string KeyId, byte[] Wrapped)> keys)
    {
        _adding.Clear();
        if (batch.Certificates.Count == 0)
        {
            return;
        }

        commands.BatchCommands.Add(Certificates(batch.Certificates));
        var proven = batch.Certificates.Where(static c => c.Record.Evidence!.Epoch is not null).ToArray();
        if (proven.Length > 0)
        {
            AddEvidence(commands, proven, keys);
            AddKnowledge(commands, proven);
        }
    }

    private static NpgsqlBatchCommand Certificates(List<SealedCertificate> certificates)
    {
        return LogRows.Command(
            """
            INSERT INTO certificates (tenant, decision_id, call_id, seq, created_at, result, decision, alpha_hash, gamma_hash, theorem_hash, principal, body, seal)
            SELECT t, d, c, s, a, r, k, x, y, $10, p, b, z FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $12, $13) u (t, d, c, s, a, r, k, x, y, p, b, z)
            """,
            Column(static c => c.Tenant),
            Column(static c => c.Record.Certificate!.DecisionId),
            Column(static c => c.Record.Entry.CallId ?? ""),
            Column(static c => c.Seq),
            Column(static c => EvidenceOf(c).At.ToUnixTimeMilliseconds()),
            Column(static c => CertificateWords.Of(EvidenceOf(c).Result)),
            Column(static c => CertificateWords.Of(EvidenceOf(c).Decision)),
            Column(static c => EvidenceOf(c).AlphaHash),
            Column(static c => EvidenceOf(c).GammaHash),
            Theorem.Hash,
            Column(static c => EvidenceOf(c).Principal),
            Column(static c => c.Record.Certificate!.Body.ToArray()),
            Column(static c => SealFormat.Write(c.Seal)));

        T[] Column<T>(Func<SealedCertificate, T> of) => [.. certificates.Select(of)];
    }

    private static DecisionEvidence EvidenceOf(SealedCertificate certificate)
        => certificate.Record.Evidence ?? throw new InvalidOperationException("A certificate has no evidence.");

    private void AddEvidence(
        NpgsqlBatch commands, SealedCertificate[] proven, Dictionary<(string Tenant, string Principal), (string KeyId, byte[] Wrapped)> stored)
    {
        if (_ring is null || cipher is null)
        {
            throw new EvidenceException("there is no master key to keep evidence under");
        }

        var made = new List<(string Tenant, string Principal, string KeyId, byte[] Wrapped)>();
        var keys = new Dictionary<(string, string), (string KeyId, byte[] Key)>();
        var rows = new List<(string Tenant, string Decision, string Principal, string KeyId, byte[] Box)>(proven.Length);
        foreach (var (tenant, _, record, _) in proven)
        {
            var (evidence, decision) = (record.Evidence!, record.Certificate!.DecisionId);
            if (!keys.TryGetValue((tenant, evidence.Principal), out var key))
            {
                key = keys[(tenant, evidence.Principal)] = KeyOf(tenant, evidence.Principal);
            }

            _plain.ResetWrittenCount();
            EvidenceFormat.Write(_plain, evidence);
            rows.Add((tenant, decision, evidence.Principal, key.KeyId, cipher.Encrypt(key.Key, tenant, evidence.Principal, decision, _plain.WrittenSpan)));
        }

        if (made.Count > 0)
        {
            commands.BatchCommands.Add(LogRows.Command(
                "INSERT INTO subject_keys (tenant, principal, key_id, wrapped_key) SELECT * FROM unnest($1, $2, $3, $4)",
                made.Select(static k => k.Tenant).ToArray(),
                made.Select(static k => k.Principal).ToArray(),
                made.Select(static k => k.KeyId).ToArray(),
                made.Select(static k => k.Wrapped).ToArray()));
        }

        commands.BatchCommands.Add(LogRows.Command(
            "INSERT INTO evidence (tenant, decision_id, principal, key_id, ciphertext) SELECT * FROM unnest($1, $2, $3, $4, $5)",
            rows.Select(static r => r.Tenant).ToArray(),
            rows.Select(static r => r.Decision).ToArray(),
            rows.Select(static r => r.Principal).ToArray(),
            rows.Select(static r => r.KeyId).ToArray(),
            rows.Select(static r => r.Box).ToArray()));

        (string KeyId, byte[] Key) KeyOf(string tenant, string principal)
        {
            if (stored.TryGetValue((tenant, principal), out var found))
            {
                return (found.KeyId, _ring.Unwrap(tenant, principal, found.KeyId, () => found.Wrapped));
            }

            var (keyId, key, wrapped) = _ring.Begin(tenant, principal);
            made.Add((tenant, principal, keyId, wrapped));
            return (keyId, key);
        }
    }

    /// <summary>Adds what was in force, the first time something was decided by it.</summary>
    private void AddKnowledge(NpgsqlBatch commands, SealedCertificate[] proven)
    {
        var epochs = proven.Select(static c => c.Record.Evidence!.Epoch!).DistinctBy(static e => (e.Tenant, e.GammaHash))
            .Where(epoch => !_known.Contains((epoch.Tenant, epoch.GammaHash)))
            .OrderBy(static e => e.Tenant, StringComparer.Ordinal).ThenBy(static e => e.GammaHash, StringComparer.Ordinal).ToArray();
        if (epochs.Length == 0)
        {
            return;
        }

        _adding.AddRange(epochs.Select(static e => (e.Tenant, e.GammaHash)));
        commands.BatchCommands.Add(LogRows.Command(
            "INSERT INTO knowledge (tenant, gamma_hash, gamma, settings, policy_set_hash) SELECT * FROM unnest($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            epochs.Select(static e => e.Tenant).ToArray(),
            epochs.Select(static e => e.GammaHash).ToArray(),
            epochs.Select(static e => e.Gamma.ToArray()).ToArray(),
            epochs.Select(static e => e.Settings.ToArray()).ToArray(),
            epochs.Select(static e => e.Knowledge.PolicySetHash).ToArray()));

        // Sets belong to no tenant: two processes that add the same ones to different logs must meet them in one order.
        var sets = epochs.Select(static e => e.Knowledge).DistinctBy(static k => k.PolicySetHash).OrderBy(static k => k.PolicySetHash, StringComparer.Ordinal).ToArray();
        commands.BatchCommands.Add(LogRows.Command(
            "INSERT INTO policy_sets (hash, policies) SELECT * FROM unnest($1, $2) ON CONFLICT DO NOTHING",
            sets.Select(static k => k.PolicySetHash).ToArray(),
            sets.Select(static k => PolicySetDocument.Write(k.Policies.Policies)).ToArray()));
    }
}
