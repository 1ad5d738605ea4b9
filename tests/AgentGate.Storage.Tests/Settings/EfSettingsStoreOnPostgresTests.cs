using AgentGate.Loopback;
using AgentGate.Settings;
using AgentGate.Storage.Settings;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Settings;

public sealed class EfSettingsStoreOnPostgresTests : SettingsStoreConformance
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

    private protected override async Task<ISettingsStore> CreateAsync() => new EfSettingsStore((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts);
}
