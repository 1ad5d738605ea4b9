using AgentGate.Audit;
using AgentGate.Certificates;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Certificates;

public sealed class InMemoryCertificateStoreTests : CertificateStoreConformance
{
    private protected override Task<(ICertificateStore Store, IAuditLog Log)> CreateAsync()
    {
        var store = new InMemoryCertificateStore(1000);
        var log = new InMemoryAuditLog(new AuditOptions(), null, sealedOne => store.Add(sealedOne.Tenant, sealedOne.Seq, sealedOne.Record, sealedOne.Seal));
        return Task.FromResult<(ICertificateStore, IAuditLog)>((store, log));
    }
}
