using System.Collections.Immutable;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;

namespace AgentGate.Certificates;

/// <summary>The certificates of the newest decisions of a process, with their evidence in clear. Thread-safe.</summary>
/// <param name="capacity">How many decisions are kept, over all tenants.</param>
internal sealed class InMemoryCertificateStore(int capacity) : ICertificateStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string DecisionId), Kept> _kept = [];
    private readonly Queue<(string Tenant, string DecisionId)> _order = new();

    /// <summary>Keeps a certificate, in the same step as the entry that names it.</summary>
    public void Add(string tenant, long seq, DecisionRecord record, CertificateSeal seal)
    {
        var (draft, evidence) = (record.Certificate!, record.Evidence!);
        var stored = new StoredCertificate
        {
            Tenant = tenant,
            DecisionId = draft.DecisionId,
            CallId = record.Entry.CallId ?? "",
            Seq = seq,
            CreatedAt = evidence.At,
            Result = CertificateWords.Of(evidence.Result),
            Decision = CertificateWords.Of(evidence.Decision),
            AlphaHash = evidence.AlphaHash,
            GammaHash = evidence.GammaHash,
            Principal = evidence.Principal,
            Body = draft.Body,
            Seal = seal,
        };
        lock (_lock)
        {
            _kept[(tenant, draft.DecisionId)] = new Kept(stored, evidence);
            _order.Enqueue((tenant, draft.DecisionId));
            if (_order.Count > capacity)
            {
                _kept.Remove(_order.Dequeue());
            }
        }
    }

    public ValueTask<StoredCertificate?> FindAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_kept.GetValueOrDefault((tenant, decisionId))?.Certificate);
        }
    }

    public ValueTask<IReadOnlyList<StoredCertificate>> LookupAsync(CertificateLookup lookup, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new([.. Newest(lookup.Tenant).Where(kept => lookup.Hash switch
            {
                CertificateHash.Alpha => kept.Certificate.AlphaHash == lookup.Value,
                CertificateHash.Gamma => kept.Certificate.GammaHash == lookup.Value,
                _ => lookup.Value == Theorem.Hash,
            }).Take(lookup.Limit).Select(static kept => kept.Certificate)]);
        }
    }

    public ValueTask<CertificateCounts> CountAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var counted = Newest(tenant).Select(static kept => kept.Certificate).Where(certificate => certificate.CreatedAt >= since).ToList();
            return new(new CertificateCounts(
                counted.Count,
                counted.CountBy(static certificate => certificate.Result).ToImmutableSortedDictionary(static pair => pair.Key, static pair => (long)pair.Value, StringComparer.Ordinal),
                counted.CountBy(static certificate => certificate.Decision).ToImmutableSortedDictionary(static pair => pair.Key, static pair => (long)pair.Value, StringComparer.Ordinal)));
        }
    }

    public ValueTask<StoredEvidence> ReadEvidenceAsync(StoredCertificate certificate, CancellationToken cancellationToken)
    {
        Kept? kept;
        lock (_lock)
        {
            kept = _kept.GetValueOrDefault((certificate.Tenant, certificate.DecisionId));
        }

        return new(kept?.Evidence is not { Epoch: { } epoch } evidence
            ? new StoredEvidence()
            : new StoredEvidence
            {
                Alpha = evidence.Alpha,
                Facts = evidence.Facts,
                IsErased = evidence.Alpha.IsEmpty,
                Gamma = epoch.Gamma,
                Settings = epoch.Settings,
                Policies = PolicySetDocument.Write(epoch.Knowledge.Policies.Policies),
            });
    }

    public ValueTask<bool> HasSubjectAsync(string tenant, string principal, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return new(_kept.Any(pair => pair.Key.Tenant == tenant && pair.Value.Certificate.Principal == principal && !pair.Value.Evidence.Alpha.IsEmpty));
        }
    }

    public ValueTask<bool> EraseSubjectAsync(string tenant, string principal, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = false;
            foreach (var (key, kept) in _kept.Where(pair => pair.Key.Tenant == tenant && pair.Value.Certificate.Principal == principal).ToList())
            {
                found |= !kept.Evidence.Alpha.IsEmpty;
                _kept[key] = kept with { Evidence = kept.Evidence with { Alpha = default, Bound = null } };
            }

            return new(found);
        }
    }

    private IEnumerable<Kept> Newest(string tenant) => _order.Reverse().Where(key => key.Tenant == tenant).Select(key => _kept[key]);

    private sealed record Kept(StoredCertificate Certificate, DecisionEvidence Evidence);
}
