using AgentGate.Deception;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Deception;

public sealed class InMemoryHoneyStoreTests : HoneyStoreConformance
{
    private protected override Task<IHoneyStore> CreateAsync() => Task.FromResult<IHoneyStore>(new InMemoryHoneyStore());
}
