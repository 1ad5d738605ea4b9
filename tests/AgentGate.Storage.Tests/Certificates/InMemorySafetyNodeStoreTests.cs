using AgentGate.Certificates;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Certificates;

public sealed class InMemorySafetyNodeStoreTests : SafetyNodeStoreConformance
{
    private InMemorySafetyNodeStore? _store;

    private protected override Task<ISafetyNodeStore> CreateAsync() => Task.FromResult<ISafetyNodeStore>(_store ??= new InMemorySafetyNodeStore());
}
