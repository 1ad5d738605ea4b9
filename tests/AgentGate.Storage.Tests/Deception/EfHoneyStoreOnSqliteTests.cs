using AgentGate.Deception;
using AgentGate.Storage.Deception;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Deception;

public sealed class EfHoneyStoreOnSqliteTests : HoneyStoreConformance
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

    private protected override async Task<IHoneyStore> CreateAsync() => new EfHoneyStore((_database ??= await TemporaryDatabase.CreateAsync()).Contexts);
}
