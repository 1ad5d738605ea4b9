using AgentGate.Identity;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Identity;

public sealed class EfUserDirectoryOnSqliteTests : UserDirectoryConformance
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

    private protected override async Task<IUserDirectory> CreateAsync() => new EfUserDirectory((_database ??= await TemporaryDatabase.CreateAsync()).Contexts, TestIdentity.Cipher, new IdentityChanges());
}
