using AgentGate.Keys;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Keys;

public sealed class InMemoryApiKeyStoreTests : ApiKeyStoreConformance
{
    private InMemoryApiKeyStore? _store;

    private protected override Task<IApiKeyStore> CreateAsync() => Task.FromResult<IApiKeyStore>(_store ??= new InMemoryApiKeyStore());
}
