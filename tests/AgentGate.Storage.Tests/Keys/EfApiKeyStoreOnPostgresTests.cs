using AgentGate.Keys;
using AgentGate.Loopback;
using AgentGate.Storage.Keys;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Keys;

public sealed class EfApiKeyStoreOnPostgresTests : ApiKeyStoreConformance
{
    private PostgresTestDatabase? _database;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    private protected override async Task<IApiKeyStore> CreateAsync() => new EfApiKeyStore((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts);
}
