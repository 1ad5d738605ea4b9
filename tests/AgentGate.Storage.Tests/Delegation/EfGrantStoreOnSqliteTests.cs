using AgentGate.Delegation;
using AgentGate.Storage.Delegation;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Delegation;

public sealed class EfGrantStoreOnSqliteTests : GrantStoreConformance
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

    private protected override async Task<IGrantStore> CreateAsync() => new EfGrantStore((_database ??= await TemporaryDatabase.CreateAsync()).Contexts);
}
