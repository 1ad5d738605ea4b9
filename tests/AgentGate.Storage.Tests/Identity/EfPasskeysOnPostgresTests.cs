using AgentGate.Identity;
using AgentGate.Loopback;
using AgentGate.Storage.Identity;
using AgentGate.Storage.Tests.Conformance;

namespace AgentGate.Storage.Tests.Identity;

public sealed class EfPasskeysOnPostgresTests : PasskeysConformance
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

    private protected override async Task<IPasskeys> CreateAsync() => new EfPasskeys((_database ??= await PostgresTestDatabase.CreateAsync()).Contexts, Cipher, new IdentityChanges());
}
