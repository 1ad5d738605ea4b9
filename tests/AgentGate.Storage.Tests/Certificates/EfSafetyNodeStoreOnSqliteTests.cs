using AgentGate.Certificates;
using AgentGate.Storage.Certificates;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Certificates;

public sealed class EfSafetyNodeStoreOnSqliteTests : SafetyNodeStoreConformance
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

    private protected override async Task<ISafetyNodeStore> CreateAsync() => new EfSafetyNodeStore((_database ??= await TemporaryDatabase.CreateAsync()).Contexts);
}
