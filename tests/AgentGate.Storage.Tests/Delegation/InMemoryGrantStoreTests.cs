using AgentGate.Delegation;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Delegation;

public sealed class InMemoryGrantStoreTests : GrantStoreConformance
{
    private protected override Task<IGrantStore> CreateAsync() => Task.FromResult<IGrantStore>(new InMemoryGrantStore());
}
