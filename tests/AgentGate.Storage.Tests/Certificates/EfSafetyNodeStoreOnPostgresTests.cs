using AgentGate.Certificates;
using AgentGate.Loopback;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Certificates;

public sealed class EfSafetyNodeStoreOnPostgresTests : SafetyNodeStoreConformance
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

    private protected override async Task<ISafetyNodeStore> CreateAsync() => new EfSafetyNodeStore((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts);
}
