using AgentGate.Audit;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Audit;

public sealed class InMemoryAuditLogTests : AuditLogConformance
{
    private protected override Task<IAuditLog> CreateAsync() => Task.FromResult<IAuditLog>(new InMemoryAuditLog(new AuditOptions()));
}
