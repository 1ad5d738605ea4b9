using AgentGate.Approvals;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Approvals;

public sealed class InMemoryApprovalStoreTests : ApprovalStoreConformance
{
    private readonly InMemoryApprovalStore _store = new();

    private protected override Task<IApprovalStore> CreateAsync() => Task.FromResult<IApprovalStore>(_store);
}
