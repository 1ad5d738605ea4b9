using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Identity;

public sealed class EfPiiPermissionStoreOnSqliteTests : PiiPermissionStoreConformance
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

    private protected override async Task<IPiiPermissionStore> CreateAsync()
        => new EfPiiPermissionStore(
            (_database ??= await TemporaryDatabase.CreateAsync()).Contexts,
            new IdentityCipher(new FixedIdentityKey(new byte[32]), new SystemIdSource(TimeProvider.System)),
            new IdentityChanges());
}
