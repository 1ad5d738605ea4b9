using AgentGate.Identity;
using AgentGate.Loopback;
using AgentGate.Pipeline;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Identity;

public sealed class EfPiiPermissionStoreOnPostgresTests : PiiPermissionStoreConformance
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

    private protected override async Task<IPiiPermissionStore> CreateAsync()
        => new EfPiiPermissionStore(
            (_database ??= await PostgresTestDatabase.CreateAsync()).Contexts,
            new IdentityCipher(new FixedIdentityKey(new byte[32]), new SystemIdSource(TimeProvider.System)),
            new IdentityChanges());
}
