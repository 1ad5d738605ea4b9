using AgentGate.Delegation;
using AgentGate.Loopback;
using AgentGate.Storage.Delegation;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Delegation;

public sealed class EfGrantStoreOnPostgresTests : GrantStoreConformance
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

    private protected override async Task<IGrantStore> CreateAsync() => new EfGrantStore((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts);
}
