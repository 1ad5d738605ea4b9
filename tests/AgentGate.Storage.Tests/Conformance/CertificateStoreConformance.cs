using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Audit;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Certificates;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ICertificateStore"/> must do. Certificates get into it with the log's own append.</summary>
public abstract class CertificateStoreConformance : IAsyncDisposable
{
    private static readonly LogKey Key = new("k1", new byte[32]);
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly Dictionary<string, ChainHead> _heads = [];

    private protected abstract Task<(ICertificateStore Store, IAuditLog Log)> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_certificate_reads_back_whole_and_only_in_its_tenant()
    {
        var (store, log) = await CreateAsync();
        var record = Record("d1", "a", "agent_1");
        await AddAsync(log, record);

        var found = await store.FindAsync("a", "d1", default);
        Assert.NotNull(found);
        Assert.Equal(record.Certificate!.Body.ToArray(), found.Body.ToArray());
        Assert.Equal(("call-d1", 1L, Start, "ADMISSIBLE", "allow", "agent_1"), (found.CallId, found.Seq, found.CreatedAt, found.Result, found.Decision, found.Principal));
        Assert.Equal(("origin/a", 0L, 1, 0), (found.Seal.Origin, found.Seal.LogIndex, found.Seal.BatchSize, found.Seal.Index));
        Assert.Equal(new byte[] { 1, 2, 3 }, found.Seal.Value.ToArray());
        Assert.Null(await store.FindAsync("b", "d1", default));
        Assert.Null(await store.FindAsync("a", "d2", default));
    }

    [Fact]
    public async Task Lookups_find_by_each_hash_newest_first_and_counts_count_from_a_moment_on()
    {
        var (store, log) = await CreateAsync();
        await AddAsync(log, Record("d1", "a", "agent_1"), Record("d2", "a", "agent_1"), Record("d3", "a", "agent_2", alpha: "other") with { }, Record("d9", "b", "agent_1"));

        Assert.Equal(["d2", "d1"], await Ids(CertificateHash.Alpha, Hash("alpha")));
        Assert.Equal(["d3"], await Ids(CertificateHash.Alpha, Hash("other")));
        Assert.Equal(["d3", "d2", "d1"], await Ids(CertificateHash.Gamma, Hash("gamma-a")));
        Assert.Equal(["d3", "d2"], await Ids(CertificateHash.Theorem, Theorem.Hash, 2));
        Assert.Empty(await Ids(CertificateHash.Alpha, Hash("nothing")));
        var counts = await store.CountAsync("a", Start, default);
        Assert.Equal((3L, 3L, 3L), (counts.Total, counts.ByResult["ADMISSIBLE"], counts.ByDecision["allow"]));
        Assert.Equal(0, (await store.CountAsync("a", Start.AddSeconds(1), default)).Total);

        async Task<string[]> Ids(CertificateHash hash, string value, int limit = 10)
            => [.. (await store.LookupAsync(new CertificateLookup("a", hash, value, limit), default)).Select(c => c.DecisionId)];
    }

    [Fact]
    public async Task Evidence_reads_back_with_what_was_in_force_and_a_decision_without_any_has_none()
    {
        var (store, log) = await CreateAsync();
        await AddAsync(log, Record("d1", "a", "agent_1"), Record("d2", "a", "agent_1", isEvaluated: false));

        var evidence = await store.ReadEvidenceAsync((await store.FindAsync("a", "d1", default))!, default);
        Assert.Equal("alpha", Text(evidence.Alpha));
        Assert.Equal("facts", Text(evidence.Facts));
        Assert.Equal("gamma-a", Text(evidence.Gamma));
        Assert.Equal("settings", Text(evidence.Settings));
        Assert.StartsWith("[{", Text(evidence.Policies), StringComparison.Ordinal);
        Assert.False(evidence.IsErased);
        var none = await store.ReadEvidenceAsync((await store.FindAsync("a", "d2", default))!, default);
        Assert.True(none.Alpha.IsEmpty && none.Gamma.IsEmpty && !none.IsErased);
    }

    [Fact]
    public async Task Erasing_a_principal_erases_what_it_asked_and_nobody_elses_and_it_may_ask_again()
    {
        var (store, log) = await CreateAsync();
        await AddAsync(log, Record("d1", "a", "agent_1"), Record("d2", "a", "agent_2"), Record("d3", "b", "agent_1"));
        Assert.True(await store.HasSubjectAsync("a", "agent_1", default));
        Assert.False(await store.HasSubjectAsync("a", "agent_3", default));

        Assert.True(await store.EraseSubjectAsync("a", "agent_1", default));
        Assert.False(await store.HasSubjectAsync("a", "agent_1", default));
        Assert.False(await store.EraseSubjectAsync("a", "agent_1", default));

        var erased = await EvidenceOf("a", "d1");
        Assert.True(erased.IsErased && erased.Alpha.IsEmpty);
        Assert.Equal("gamma-a", Text(erased.Gamma));
        Assert.Equal("alpha", Text((await EvidenceOf("a", "d2")).Alpha));
        Assert.Equal("alpha", Text((await EvidenceOf("b", "d3")).Alpha));

        await AddAsync(log, Record("d4", "a", "agent_1"));
        Assert.Equal("alpha", Text((await EvidenceOf("a", "d4")).Alpha));
        Assert.True((await EvidenceOf("a", "d1")).IsErased);

        async Task<StoredEvidence> EvidenceOf(string tenant, string id) => await store.ReadEvidenceAsync((await store.FindAsync(tenant, id, default))!, default);
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static DecisionRecord Record(string id, string tenant, string principal, string alpha = "alpha", bool isEvaluated = true)
    {
        var body = Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}");
        var entry = new LogEntryBody { Id = id, Kind = EntryKind.Intent, At = Start, Tenant = tenant, CallId = "call-" + id, DecisionId = id, CertificateHash = Hash(id) };
        var evidence = isEvaluated
            ? new DecisionEvidence(principal, Encoding.UTF8.GetBytes(alpha), Hash(alpha), Hash("gamma-" + tenant), AdmissibilityResult.Admissible, Encoding.UTF8.GetBytes("facts"))
            {
                Epoch = Epoch(tenant), Decision = DecisionKind.Allow, At = Start,
            }
            : new DecisionEvidence(principal, default, null, null, AdmissibilityResult.NotEvaluated, default) { Decision = DecisionKind.Deny, At = Start };
        return new DecisionRecord(entry) { Certificate = new CertificateDraft(id, body, Hash(id)), Evidence = evidence };
    }

    private static KnowledgeEpoch Epoch(string tenant)
    {
        var set = PolicySet.Parse("@id(\"p\") permit (principal, action, resource);", PolicyIdSource.IdAnnotation);
        return new KnowledgeEpoch
        {
            Tenant = tenant,
            Knowledge = new Knowledge
            {
                Policies = Authorizer.Create(set), PolicySetHash = PolicyHash.Of(set), Settings = new AdmissibilitySettings(), Grants = GrantSnapshot.Empty,
            },
            GammaHash = Hash("gamma-" + tenant),
            Gamma = Encoding.UTF8.GetBytes("gamma-" + tenant),
            Settings = Encoding.UTF8.GetBytes("settings"),
        };
    }

    private async Task AddAsync(IAuditLog log, params DecisionRecord[] records)
    {
        var batch = new AuditBatch();
        foreach (var record in records)
        {
            var bytes = new ArrayBufferWriter<byte>();
            var tenant = record.Entry.Tenant;
            var head = LogChain.Append(bytes, record.Entry, _heads.GetValueOrDefault(tenant, ChainHead.Genesis), Key);
            _heads[tenant] = batch.Heads[tenant] = head;
            batch.Entries.Add(new ChainedEntry(record.Entry, bytes.WrittenMemory, head));
            var seal = new CertificateSeal("key", "Ed25519", 1, 0, [], new byte[] { 1, 2, 3 }, "origin/" + tenant, head.Seq - 1);
            batch.Certificates.Add(new SealedCertificate(tenant, head.Seq, record, seal));
        }

        await log.AppendAsync(batch, default);
    }
}
