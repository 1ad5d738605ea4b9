using AgentGate.Keys;
using AgentGate.Storage.Keys;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Keys;

public sealed class InMemoryApiKeyStoreTests : ApiKeyStoreConformance
{
    private protected override Task<IApiKeyStore> CreateAsync() => Task.FromResult<IApiKeyStore>(new InMemoryApiKeyStore());
}

public sealed class EfApiKeyStoreTests : ApiKeyStoreConformance
{
    private TemporaryDatabase? _database;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private protected override async Task<IApiKeyStore> CreateAsync()
        => new EfApiKeyStore(_database = await TemporaryDatabase.CreateAsync());
}
